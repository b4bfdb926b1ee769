"""How far a sweep of a learned Hamiltonian over temperature can be trusted, from its data and chains alone.

Held-out configurations at T0 are reweighted to T by w = p^(T0/T - 1), as far as they overlap with
the distribution at T (A. M. Ferrenberg & R. H. Swendsen, Phys. Rev. Lett. 61, 2635 (1988)).  With
log p in error by x, the chains at T have a log weight in error by x T0/T and the reweighted data by
x (T0/T - 1): the chains are off by T0/T times the difference of the two, to first order in x.  At
T0 itself the data are compared as they are.
"""

import json

import numpy as np
import xarray as xr

from spinnet.blocking import magnetization_per_spin
from spinnet.deviation import pooled, starts_differ
from spinnet.ensembles import PARTS
from spinnet.errors import UserError
from spinnet.interactions import energy
from spinnet.reweighting import averages, effective_sample_size, reweighting_sums
from spinnet.statistics import jackknife

BINS = 16  # groups of neighbouring held-out configurations, left out one at a time for errors
LEAST_HELD_OUT = 10 * BINS
LEAST_TAIL = 500  # configurations times the fourth power of their effective fraction, see `least_fraction`
TOLERANCE = 3.0  # standard errors of the chains beyond which a value counts as off
CONFIDENCE = 2.0  # standard errors of the data that are granted to the deviation of the chains
HOT_COLD = 3.0  # standard errors between hot and cold starts
RANGE = (0.005, 0.995)  # quantiles of the held-out learned energies within which chain means are familiar
MOST_OUTSIDE = 0.05  # fraction of chain means that may lie outside
REASONS = {"extrapolated": 1, "starts differ": 2, "far from data": 4, "not vouched for": 8, "misses its data": 16,
           "coarse": 32}  # fmt: skip
COARSE = ("block_sum_stride2", "majority")  # many spin states for one of blocks: H there is a free energy
MEANS = ("magnetization", "energy", "learned_energy")  # variables of a sweep; the energies have a specific heat each


def held_out(dataset, log_weight, header):
    """Observables per spin {name: (samples,)} and log p of the configurations that the network has not learned from.

    dataset: of one temperature.  log_weight: see `learned.log_weight`.  The energy is there if its
    Hamiltonian is known.  Raises UserError if there are too few of them.
    """
    chosen = dataset["part"].values != PARTS.index("train")
    if chosen.sum() < LEAST_HELD_OUT:
        raise UserError(
            f"trust: {LEAST_HELD_OUT} configurations for validation and test are needed, found {chosen.sum()}"
        )
    values = dataset["values"].values[0, chosen]
    log_p, spins = log_weight(values), header["size"] ** 2
    found = {
        "log_prob": log_p,
        "magnetization": magnetization_per_spin(values.reshape(len(values), -1), header["alphabet"]),
        "learned_energy": -header["temperature"] * log_p / spins + header["energy_offset"],
    }
    interactions = json.loads(dataset.attrs["interactions"])
    if header["transform"] == "raw" and interactions is not None:
        found["energy"] = energy(values, interactions) / spins
    return found


def reweighted(data, temperatures, t0, spins):
    """Averages of `data`, as of `held_out`, at temperatures: {name: (value, error)}, and effective sizes.

    All are (temperature,).  Specific heats come from fluctuations of the energies, errors from a jackknife over `BINS`.
    """
    used = len(data["log_prob"]) // BINS * BINS
    binned = {name: x[:used].reshape(BINS, -1) for name, x in data.items()}
    names = [name for name in MEANS if name in data]
    observables = [binned[name] ** power for name in names for power in (1, 2)]
    sums = reweighting_sums(t0 / temperatures - 1, binned["log_prob"], observables)
    first, second = sums.observable[0::2], sums.observable[1::2]

    def heat(weight, x, xx):
        return spins * (xx / weight - (x / weight) ** 2) / temperatures**2

    result = {name: jackknife(averages, sums.weight, first[i]) for i, name in enumerate(names)}
    for i, name in enumerate(names[1:], 1):
        result[name.replace("energy", "specific_heat")] = jackknife(heat, sums.weight, first[i], second[i])
    return result, effective_sample_size(sums)


def least_fraction(samples):
    """Effective fraction of `samples` held-out configurations, below which T counts as extrapolated.

    Far from T0 few configurations of the tail decide, and where they are missed value and error are both too small:
    the errors of the specific heat hold from samples * fraction^4 = `LEAST_TAIL` on, by calibration.
    """
    return min(1.0, (LEAST_TAIL / samples) ** 0.25)


def comparison(sweep, found, temperatures, t0, name):
    """Variables that compare one quantity of the chains with the reweighted data, (temperature,) each.

    limit: largest deviation of the chains that the data allow, (|difference| + `CONFIDENCE` errors of the data) *
    max(1, T0/T), in standard errors of the chains.
    """
    (value, error), (data, data_error) = pooled(sweep, name), found[name]
    difference, both = value - data, np.maximum(np.hypot(error, data_error), 1e-12)
    unit = sweep[name].attrs.get("units", "1")
    allowed = (np.abs(difference) + CONFIDENCE * data_error) * np.maximum(1.0, t0 / temperatures)
    columns = {
        "reweighted": (data, unit, "held-out data reweighted to T"),
        "reweighted_error": (data_error, unit, "standard error of the held-out data reweighted to T"),
        "pull": (difference / both, "1", "(chains - data) / standard error"),
        "systematic": (difference * t0 / temperatures, unit, "estimated error of the chains from the network"),
        "systematic_error": (both * t0 / temperatures, unit, "standard error of the estimated error"),
        "limit": (allowed / np.maximum(error, 1e-12), "1", "largest deviation the data allow / error of the chains"),
    }
    return {
        f"{name}_{column}": ("temperature", values, {"units": unit, "long_name": f"{name.replace('_', ' ')}: {text}"})
        for column, (values, unit, text) in columns.items()
    }


def starts_pull(sweep):
    """(temperature,) |hot - cold| in standard errors, the larger of |m| and learned energy."""
    pulls = []
    for name in ("magnetization", "learned_energy"):
        ordered = sweep[[name, name + "_error"]].transpose("start", "temperature", ...)
        hot, cold = ordered[name].mean("chain").values
        pulls.append(np.abs(hot - cold) / np.maximum(np.hypot(*ordered[name + "_error"].values), 1e-12))
    return np.maximum(*pulls)


def outside(sweep, learned_energy):
    """(temperature,) fraction of chains with mean learned energy outside the `RANGE` of the held-out data."""
    low, high = np.quantile(learned_energy, RANGE)
    means = sweep["learned_energy"].stack(all=("start", "chain")).transpose("temperature", "all").values
    return ((means < low) | (means > high)).mean(axis=1)


def trust(sweep, data, header):
    """Judge a sweep of a learned Hamiltonian at every temperature by its data alone.

    sweep: see `neural_sweep`.  data: of `held_out`.  Returns effective_fraction and
    effective_size of the reweighted data, start_pull, outside, for each quantity the columns of
    `comparison`, and trusted (int8) with the reasons against it, a sum of `REASONS`.  A point is
    trusted only if the data exclude a deviation of more than `TOLERANCE` standard errors of the
    chains in every quantity; where the data say too little, it is not.
    """
    temperatures, t0 = sweep["temperature"].values.astype(float), header["temperature"]
    found, size = reweighted(data, temperatures, t0, header["size"] ** 2)
    result = xr.Dataset(coords={"temperature": sweep["temperature"]})
    samples = len(data["log_prob"]) // BINS * BINS
    columns = {
        "effective_size": (size, "effective number of reweighted held-out configurations"),
        "effective_fraction": (size / samples, "effective fraction of them"),
        "start_pull": (starts_pull(sweep), "hot and cold starts: difference / standard error"),
        "outside": (outside(sweep, data["learned_energy"]), "fraction of chain means outside the data's range"),
    }
    for name, (values, text) in columns.items():
        result[name] = "temperature", values, {"units": "1", "long_name": text}
    result.attrs |= {"training_temperature": t0, "least_fraction": least_fraction(samples)}
    names = [name for name in found if name in sweep]
    for name in names:
        result.update(comparison(sweep, found, temperatures, t0, name))
    reasons = _reasons(result, names, header, starts_differ(sweep))
    text = "sum of " + ", ".join(f"{number}: {reason}" for reason, number in REASONS.items())
    result["reasons"] = "temperature", reasons, {"long_name": "reasons not to trust", "description": text}
    result["trusted"] = "temperature", (reasons == 0).astype(np.int8), {"long_name": "1 where the sweep is trusted"}
    return result


def _reasons(result, names, header, differ):
    """(temperature,) int8 sum of the `REASONS` that hold; differ: (temperature,) of `starts_differ`."""
    limit = np.max([result[f"{name}_limit"] for name in names], axis=0)
    at_t0 = int(np.abs(result["temperature"].values - header["temperature"]).argmin())
    misses = max(abs(float(result[f"{name}_pull"][at_t0])) for name in names) > TOLERANCE
    holds = {
        "extrapolated": result["effective_fraction"].values < result.attrs["least_fraction"] - 1e-9,
        "starts differ": (result["start_pull"].values > HOT_COLD) | differ,
        "far from data": result["outside"].values > MOST_OUTSIDE,
        "not vouched for": ~(limit <= TOLERANCE),
        "misses its data": np.full(len(limit), misses),
        "coarse": np.full(len(limit), header["transform"] in COARSE),
    }
    return sum(REASONS[reason] * values.astype(np.int8) for reason, values in holds.items()).astype(np.int8)
