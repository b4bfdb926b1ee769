"""Estimates of beta_c, nu, theta_Y and the other exponents from original and rescaled ensembles.

Two methods.  "single" (the paper): f of the lattice L/2 against f of the lattice L blocked once.
"double": f of L/2 blocked once against f of L blocked twice, so that both have the size L/4 and both
have lost the irrelevant operators of one blocking more.

What Y couples to is left open by the paper.  Readings: "separate", f of the unblocked lattice by its
own network; "blocked", the f that is measured, a function of the blocked configuration; "|m|" and
"m^2" of the unblocked lattice are controls, exact 8/15 and 4/7.
"""

from typing import NamedTuple

import numpy as np

from spinnet.reweighting import Sums, rebin, reweighting_sums
from spinnet.rg.fixed_point import NoFixedPoint, curve, exponent, field_slope, fixed_point, scaling_relations
from spinnet.rg.predictive import absolute_magnetization, predictive_function
from spinnet.statistics import jackknife, mean_and_error

METHODS = {"single": (0, 1), "double": (1, 2)}  # blockings of the ensembles on L/2 and on L
READINGS = ("separate", "blocked", "|m|", "m^2")
MAGNETIC = ("beta", "gamma", "delta")  # exponents that need theta
LARGEST_ERROR = 0.07  # relative error of delta beyond which it is not symmetric: the mean pull is minus twice that
QUANTITIES = (
    "beta_c",
    "nu",
    *(f"theta {r}" for r in READINGS),
    "alpha",
    *(f"{e} {r}" for r in READINGS for e in MAGNETIC),
)


def couplings(observed, level, **which):
    """{reading: g (chain, sample)}: what couples to Y where f is read after `level` blockings."""
    magnetization = absolute_magnetization(observed, 0)
    return {
        "separate": predictive_function(observed, 0, **which),
        "blocked": predictive_function(observed, level, **which),
        "|m|": magnetization,
        "m^2": magnetization**2,
    }


class System(NamedTuple):
    """Per-chain sums of one ensemble: reweighted ones over the grid of beta, and those at zero field."""

    sums: Sums  # observable f
    count: np.ndarray  # (chains,) samples
    observable: np.ndarray  # (chains,) f
    conjugate: np.ndarray  # (readings, chains) g
    joint: np.ndarray  # (readings, chains) f g


def system(shifts, energy, f, g):
    """`System` of one ensemble from E and f (chains, samples) and the list of couplings g, for shifts of beta."""
    return System(
        reweighting_sums(shifts, -energy.astype(float), [f]),
        np.full(len(f), f.shape[1], float),
        f.sum(1),
        np.array([c.sum(1) for c in g]),
        np.array([(f * c).sum(1) for c in g]),
    )


def rebinned(s, bins):
    """`System` with neighbouring chains joined into `bins` groups."""
    rest = rebin(Sums(*s[1:], s.count), bins)[:4]
    return System(rebin(s.sums, bins), *rest)


def arrays(s):
    """All sums of a `System` as a flat list, chains along the last axis."""
    weight, _, conjugate, observable, product = s.sums
    return [weight, conjugate, observable[0], product[0], *s[1:]]


def estimate(grid, *values):
    """(quantities,) in the order of `QUANTITIES`, from the sums (or means) of the original and the rescaled system."""
    original, rescaled = values[: len(values) // 2], values[len(values) // 2 :]
    beta_c, slope = fixed_point(curve(grid, *original[:4]), curve(grid, *rescaled[:4]))
    nu = exponent(slope)
    (_, f, g, fg), (_, old_f, old_g, old_fg) = ([v / s[4] for v in s[4:]] for s in (rescaled, original))
    theta = exponent(field_slope((4, 1), fg, f, g, old_fg, old_f, old_g))
    derived = [scaling_relations(nu, t) for t in theta]
    magnetic = [relations[e] for relations in derived for e in MAGNETIC]
    return np.array([beta_c, nu, *theta, derived[0]["alpha"], *magnetic])


def jackknifed(grid, original, rescaled, bins):
    """(value, error) of each quantity by the jackknife over `bins` groups of chains."""
    both = [a for s in (original, rescaled) for a in arrays(rebinned(s, bins))]
    return jackknife(lambda *means: estimate(grid, *means), *both)


def binned(grid, original, rescaled):
    """(value, error) of each quantity by the paper's binning (eq. D1), each chain of the systems a bin.

    A bin whose curves do not cross within the grid is left out; NoFixedPoint if fewer than two are left.
    """
    both, values = [a for s in (original, rescaled) for a in arrays(s)], []
    for i in range(len(original.count)):
        try:
            values.append(estimate(grid, *(a[..., i] for a in both)))
        except NoFixedPoint as error:
            print(f"bin {i} is left out: {error}")
            if len(original.count) - i + len(values) < 3:
                raise
    return mean_and_error(values, axis=0)
