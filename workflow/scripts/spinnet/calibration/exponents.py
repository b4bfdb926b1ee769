"""Calibration of the exponents of the RG study: beta_c, nu and theta from L = 16 blocked to 8.

Each replica samples two small lattices at the critical point and estimates as rg.mapping does.  The
predictive function f is no network but a logistic function of |m|: the estimators see its values
alone, and need no more than that it rises with beta.  The truth is what they find in the limit of
many configurations, from a very long run.  Corrections to scaling and the shift that single blocking
brings are in it, so that the errors alone are judged.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr

from spinnet.calibration.cases import case, join
from spinnet.checkpoint import NONE
from spinnet.lattice import BETA_CRITICAL, majority
from spinnet.rg.estimates import LARGEST_ERROR, METHODS, QUANTITIES, binned, couplings, jackknifed, rebinned, system
from spinnet.rg.fixed_point import NoFixedPoint, trusted
from spinnet.rg.predictive import predictive_function
from spinnet.rng import generator
from spinnet.samplers.ising import IsingChains

BETA = BETA_CRITICAL["square"]  # 1/J
SIZES = (8, 16)
CHAINS, SAMPLES = 40, 250  # of each lattice in a replica: 10 000 configurations, as rg.replicas and the paper have
BURN_IN = 64  # clusters: more than 20 tau_int, after which hot and cold starts agree
THINNING = {8: 4, 16: 6}  # clusters between samples: 2 tau_int and more, as in rg.critical
LIMITS = 0.032, 21, 0.2  # beta_range, points and least_effective of rg.mapping; the range grows as 1/L from L = 64
DELTA = "delta |m|"


class Kind(NamedTuple):
    """One way to estimate: of the first `chains` chains, joined into `bins` groups."""

    role: str
    estimator: str
    method: str  # of `METHODS`
    chains: int
    bins: int
    quantities: tuple[str, ...]


ALL = ("beta_c", "nu", "theta separate", "theta blocked", "theta |m|", "gamma |m|", DELTA)
MAIN = ("beta_c", "nu", "theta |m|")
KINDS = (
    Kind("used", "jackknife", "single", 40, 40, ALL),
    Kind("used", "jackknife", "single", 40, 10, MAIN),
    Kind("used", "jackknife", "double", 40, 10, MAIN),
    Kind("compared", "mean over bins", "single", 40, 10, MAIN),  # the paper's, biased
    Kind("compared", "jackknife", "single", 8, 8, MAIN),  # so few configurations that nu is not linear in their means
)


def observed(size, seed, *names):
    """Observables of critical configurations and their blockings, as of rg.observables.observe.

    The log odds, which make f logistic, are 10 (|m| - 0.6).
    """
    names = ("calibration", "exponents", *names, size)
    walkers = IsingChains("wolff", size, 1 / BETA, CHAINS, seed, *names)
    walkers.record(1, BURN_IN)
    energy, magnetization, spins = walkers.record(SAMPLES, THINNING[size], keep=True)
    random, levels = generator(seed, *names, "ties"), [magnetization]
    for _ in range(SIZES.index(size) + 1):
        spins = majority(spins, random)
        levels.append(spins.sum((2, 3), dtype=np.int64))
    dims = ("chain", "sample")
    variables = {"energy": (dims, energy), "magnetization": (("level", *dims), levels)}
    for level, m in enumerate(levels):
        odds = 10 * (np.abs(m) / (size // 2**level) ** 2 - 0.6)
        variables[f"log_odds_{level}"] = (("network", "sign", *dims), odds[None, None].astype(np.float32))
    return xr.Dataset(variables, {"beta": BETA}, {"size": size, "source": f"L = {size}"})


def systems(both, method):
    """(grid, original, rescaled) of the observables of both lattices; grid [1/J], two `System` with their chains."""
    small, large = both
    trusted(small, *LIMITS)
    grid = trusted(large, *LIMITS)
    result = [grid]
    for o, level in zip(both, METHODS[method], strict=True):
        g = list(couplings(o, level).values())
        result.append(system(grid - BETA, o["energy"].values, predictive_function(o, level), g))
    return result


def truth(replicas, seed, progress, checkpoint=NONE):
    """Estimates from as many configurations as `replicas` replicas have: value and error (blocking, quantity).

    Random streams are others than those of the replicas; the bias is smaller than theirs by their number squared.
    """

    def piece(n, _):
        return [observed(size, seed, "truth", n) for size in SIZES]

    pieces = checkpoint.map(piece, range(replicas), progress)
    both = [xr.concat(parts, "chain") for parts in zip(*pieces, strict=True)]
    found = np.array([jackknifed(*systems(both, method), CHAINS) for method in METHODS])
    dims, unit = ("blocking", "quantity"), {"units": "1"}
    columns = {"value": (dims, found[:, 0], unit), "error": (dims, found[:, 1], unit)}
    return xr.Dataset(columns, {"blocking": list(METHODS), "quantity": list(QUANTITIES)})


def replicas(numbers, seed, truth, progress, checkpoint=NONE):
    """Dataset of kind "calibration": the cases of `KINDS`, held against the Dataset of `truth`.

    A replica without a crossing, at which rg.mapping stops, is flagged, as is a delta that rg.table leaves out.
    """
    found = checkpoint.map(lambda n, _: _estimates(seed, n), numbers, progress)
    found, cases = np.array(found), []  # (replica, kind, 2, quantity)
    for i, kind in enumerate(KINDS):
        blocks = f"{kind.method} blocking, {kind.bins} x {kind.chains * SAMPLES // kind.bins}"
        for quantity in kind.quantities:
            value, error = found[:, i, :, QUANTITIES.index(quantity)].T
            flagged = ~np.isfinite(value) | (quantity == DELTA) & ~(error < LARGEST_ERROR * np.abs(value))
            exact = [truth[name].sel(blocking=kind.method, quantity=quantity).item() for name in ("value", "error")]
            names = kind.role, kind.estimator, quantity, blocks
            cases.append(case(*names, value, error, *exact, freedom=kind.bins - 1, flagged=flagged))
    return join(cases, numbers)


def _estimates(seed, number):
    """(kind, 2, quantity): values and errors of one replica; NaN without a crossing."""
    both, cache, result = [observed(size, seed, "replica", number) for size in SIZES], {}, []
    for kind in KINDS:
        key = kind.method, kind.chains
        if key not in cache:
            cache[key] = systems([o.isel(chain=slice(kind.chains)) for o in both], kind.method)
        grid, *pair = cache[key]
        try:
            if kind.estimator == "jackknife":
                result.append(jackknifed(grid, *pair, kind.bins))
            else:
                result.append(binned(grid, *(rebinned(s, kind.bins) for s in pair)))
        except NoFixedPoint as missing:
            print(f"replica {number}: {missing}")
            result.append(np.full((2, len(QUANTITIES)), np.nan))
    return result
