"""What theta_Y depends on: network, training, symmetrisation, number of networks, and what couples to Y."""

import numpy as np
import xarray as xr

from spinnet.rg.estimates import READINGS, couplings
from spinnet.rg.fixed_point import exponent, field_slope
from spinnet.rg.predictive import predictive_function
from spinnet.statistics import jackknife


def theta(small, large, levels=(0, 1), **which):
    """{reading: (theta_Y, error)} at the sampled beta; which: the networks and the symmetrisation of f."""
    sums = [_moments(o, level, **which) for o, level in zip((small, large), levels, strict=True)]

    def estimate(old_f, old_g, old_fg, f, g, fg):
        return exponent(field_slope((4, 1), fg, f, g, old_fg, old_f, old_g))

    value, error = jackknife(estimate, *(a for s in sums for a in s))
    return {reading: (value[i], error[i]) for i, reading in enumerate(READINGS)}


def _moments(observed, level, **which):
    """Means per chain of f (chains,), g and f g (readings, chains)."""
    f = predictive_function(observed, level, **which)
    g = list(couplings(observed, level, **which).values())
    return f.mean(1), np.array([c.mean(1) for c in g]), np.array([(f * c).mean(1) for c in g])


def cases(observed):
    """(classifier, networks, symmetric) of each case: single networks, their average, symmetrised."""
    for classifier, (_, large) in observed.items():
        count = large.sizes["network"]
        for k in range(count):
            yield classifier, [k], False
        for number in range(2, count + 1):
            yield classifier, list(range(number)), False
        yield classifier, list(range(count)), True


def scan(observed, kinds):
    """theta_Y in all `cases`; observed: {classifier: (observables on L/2, observables on L)}.

    kinds: {classifier: (width of FC1, largest number of epochs)}.  Returns value, error (case, reading)
    with classifier, width, epochs, networks (number averaged) and symmetric (case,).
    """
    rows, labels = [], []
    for classifier, networks, symmetric in cases(observed):
        found = theta(*observed[classifier], networks=networks, symmetric=symmetric)
        rows.append([found[r] for r in READINGS])
        labels.append((classifier, len(networks), symmetric))
    value, error = np.moveaxis(np.array(rows), -1, 0)
    names, numbers, symmetric = zip(*labels, strict=True)
    return xr.Dataset(
        {"value": (("case", "reading"), value, {"units": "1"}), "error": (("case", "reading"), error, {"units": "1"})},
        {
            "reading": list(READINGS),
            "classifier": ("case", list(names)),
            "width": ("case", [kinds[name][0] for name in names], {"units": "1"}),
            "epochs": ("case", [kinds[name][1] for name in names], {"units": "1"}),
            "networks": ("case", np.array(numbers), {"units": "1"}),
            "symmetric": ("case", np.array(symmetric, np.int8), {"units": "1"}),
        },
    )
