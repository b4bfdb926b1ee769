"""Search for an unknown critical point: sample, map, move to the fixed point, until it stays.

Source: Bachtis, Aarts & Lucini, end of Sec. IV.
"""

import numpy as np
import xarray as xr

from spinnet.checkpoint import NONE
from spinnet.reweighting import averages, rebin, reweighting_sums
from spinnet.rg.ensembles import blocked, sample
from spinnet.rg.fixed_point import NoFixedPoint, curve, fixed_point
from spinnet.rg.observables import observe
from spinnet.rg.predictive import predictive_function
from spinnet.statistics import jackknife

BINS = 10


def search(networks, settings, progress, checkpoint=NONE):
    """Steps of the search from each start: beta (start, step) and the estimates made there.

    networks: {L/2: stacked arrays}.  settings: seed, size, starts, steps, chains, samples,
    beta_range, points, thinning.  At each step beta moves to the crossing of f and f', or, where
    they do not cross within the range of reweighting, to the end of the range towards which they
    approach each other.  Returns also the crossing and its error, NaN where there is none.
    """
    shape = (len(settings["starts"]), settings["steps"])
    path, crossing, error = np.full((3, *shape), np.nan)
    for i, start in enumerate(settings["starts"]):
        beta = start
        for step in progress(range(settings["steps"])):
            path[i, step] = beta
            own = {**settings, "name": f"search {start} {step}"}

            def move(part, beta=beta, own=own):
                return _next(beta, _sample(networks, beta, own, part), settings)

            beta, crossing[i, step], error[i, step] = checkpoint.once(own["name"], move)
            print(f"start {start}, step {step}: beta {path[i, step]:.5f}, crossing {crossing[i, step]:.5f}")
    dims, unit = ("start", "step"), {"units": "1/J"}
    return xr.Dataset(
        {"beta": (dims, path, unit), "crossing": (dims, crossing, unit), "crossing_error": (dims, error, unit)},
        {"start": ("start", np.array(settings["starts"]), unit), "step": np.arange(settings["steps"])},
    )


def _sample(networks, beta, settings, checkpoint):
    """Reweighting sums of f on L/2 and of f' from L around beta."""
    shifts, result = beta * _shifts(settings), []
    for size, blockings in ((settings["size"] // 2, 0), (settings["size"], 1)):
        own = {**settings, "size": size, "beta": beta, "lattice": "square", "name": f"{settings['name']} L{size}"}
        ensemble = sample(own, iter, checkpoint.part(size))
        blocks = blocked(ensemble, own | {"blockings": 1}, iter) if blockings else None
        observed = observe(ensemble, blocks, networks, iter)
        f = predictive_function(observed, blockings)
        result.append(rebin(reweighting_sums(shifts, -observed["energy"].values.astype(float), [f]), BINS))
    return result


def _shifts(settings):
    return np.linspace(-settings["beta_range"], settings["beta_range"], settings["points"])


def _next(beta, both, settings):
    """(next beta, crossing or NaN, its error)."""
    grid = beta * (1 + _shifts(settings))
    values = [a for s in both for a in (s.weight, s.conjugate, s.observable[0], s.product[0])]

    def crossing(*means):
        return np.array(fixed_point(curve(grid, *means[:4]), curve(grid, *means[4:]))[0])

    try:
        value, error = jackknife(crossing, *values)
        return float(value), float(value), float(error)
    except NoFixedPoint:
        f, rescaled = (averages(s.weight.sum(1), s.observable[0].sum(1)) for s in both)
        # Blocking drives away from the fixed point: f' < f in the symmetric phase, f' > f in the broken one.
        return float(grid[-1] if (rescaled - f).mean() < 0 else grid[0]), np.nan, np.nan
