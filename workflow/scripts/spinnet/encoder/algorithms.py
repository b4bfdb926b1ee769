"""Algorithms that sample one learned Hamiltonian side by side: p(s)^(T0/T) of a normalised network.

The unit of cost, a step, is N evaluations of the network, N sites: a sweep of N proposals of one
site, a configuration drawn site by site, or the sweep of one replica in parallel tempering.  The
flip of all spins after a sweep adds one evaluation to N.
"""

import numpy as np
import xarray as xr
from scipy.stats import chi2

from spinnet.checkpoint import NONE
from spinnet.learned import log_weight, sample_ancestral
from spinnet.rng import generator, stream_key
from spinnet.samplers.neural import NeuralChains, chain_model, site_moves
from spinnet.samplers.tempering import swap
from spinnet.statistics import mean_and_error

LEAST_TIMES = 20  # autocorrelation times that a converged chain spans
MOST_DRIFT = 4.0  # standard errors between the halves of converged chains

ALGORITHMS = ["metropolis", "global flip", "tempering", "independence"]

QUANTITIES = {
    "magnetization": ("|magnetization| per spin", "1"),
    "signed_magnetization": ("magnetization per spin", "1"),
    "learned_energy": ("learned Hamiltonian per spin, offset fixed on data at T0", "J"),
}


def compare(arrays, header, settings, progress, checkpoint=NONE):
    """Means, errors, autocorrelation times and acceptance of each algorithm at some temperatures.

    arrays, header: a model file of architecture made or direct.  settings: seed, name, temperatures
    [J/k_B], chains (independent ones at each temperature, or ladders of parallel tempering) and
    sweeps, that are measured after a burn-in of a quarter as many.  Dims (algorithm, temperature);
    the agreement of a quantity is that of the algorithms whose chains are long enough for it, see
    `converged`.
    """
    temperatures, burn_in = np.sort(np.asarray(settings["temperatures"], float)), settings["sweeps"] // 4
    settings = settings | {"steps": burn_in + settings["sweeps"]}
    rungs = ladder(temperatures, header["size"])
    kept = np.searchsorted(rungs, temperatures)

    def run(algorithm, grid):
        return checkpoint.once(
            algorithm, lambda part: single_site(arrays, header, settings, grid, algorithm, progress, part)
        )

    runs = {
        "metropolis": run("metropolis", temperatures),
        "global flip": run("global flip", temperatures),
        "tempering": run("tempering", rungs)[:, :, kept],
        "independence": independence(*proposals(arrays, header, settings), header["temperature"] / temperatures,
                                     generator(settings["seed"], "algorithms", settings["name"], "independence")),
    }  # fmt: skip
    spins, series = header["size"] ** 2, {}
    for algorithm, (log_prob, magnetization, _) in runs.items():
        learned = header["energy_offset"] - header["temperature"] * log_prob[burn_in:] / spins
        series[algorithm] = np.abs(magnetization[burn_in:]), magnetization[burn_in:], learned
    acceptance = [runs[algorithm][2][burn_in:].mean((0, 2)) for algorithm in ALGORITHMS]
    return summary(temperatures, [series[algorithm] for algorithm in ALGORITHMS], np.array(acceptance))


def ladder(temperatures, size):
    """Ascending temperatures of parallel tempering: the given ones, and between them steps of at most a part 1/L.

    The energy of N = L^2 spins fluctuates by about T L, so that neighbours overlap.
    """
    pieces = np.ceil(np.diff(np.log(temperatures)) * size).astype(int)
    between = [
        np.geomspace(low, high, n + 1)[1:-1]
        for low, high, n in zip(temperatures[:-1], temperatures[1:], pieces, strict=True)
    ]
    return np.sort(np.concatenate([temperatures, *between]))


def single_site(arrays, header, settings, temperatures, algorithm, progress, checkpoint=NONE):
    """Series (steps, temperatures, chains) of log p, m and acceptance of single-site Metropolis chains.

    Chains start from aligned values, the highest and the lowest in turn.  With "global flip" each
    sweep is followed by a proposed reversal of all values, with "tempering" by swaps between
    neighbouring temperatures.
    """
    names, shape = ("algorithms", settings["name"], algorithm), (len(temperatures), settings["chains"])
    keys = [stream_key(settings["seed"], *names, float(t), c) for t in temperatures for c in range(shape[1])]
    random, q = generator(settings["seed"], *names), header["values"]
    model, moves = chain_model(arrays, header["sites"], q), site_moves(header["sites"])
    values = np.zeros((len(keys), header["sites"]), np.int8)
    values[0::2] = q - 1
    chains = NeuralChains(model, moves, values, keys)
    ratios = np.repeat(header["temperature"] / temperatures, shape[1]).reshape(shape)
    place = np.indices(shape)[0]  # (temperatures, chains): which temperature a chain has
    alphabet, steps = np.asarray(header["alphabet"]), settings["steps"]
    result, first = np.empty((3, steps, *shape)), 0
    if saved := checkpoint.restore():
        first, chains.state, place, random.bit_generator.state, result[:, : saved[0]] = saved
    for n in progress(range(first, steps)):
        own = np.take_along_axis(ratios, place, 0)
        log_prob, acceptance = chains.sweep(own.ravel())
        if algorithm == "global flip":
            chains, log_prob, acceptance = _reverse(chains, keys, log_prob, own.ravel(), random)
        m = alphabet[chains.values].mean(1) / alphabet.max()
        now = [x.reshape(shape) for x in (log_prob, m, acceptance)]
        result[:, n] = np.take_along_axis(np.array(now), np.argsort(place, axis=0)[None], 1)
        if algorithm == "tempering":
            place, result[2, n] = swap(place, now[0], ratios[:, 0], n % 2, random)
        if checkpoint.due():
            checkpoint.save((n + 1, chains.state, place, random.bit_generator.state, result[:, : n + 1]))
    return result


def _reverse(chains, keys, log_prob, ratio, random):
    """Propose the reversal of all values, category c to q-1-c: chains, their log p, and which were reversed."""
    values = chains.values
    reverse = chains.model.values - 1 - values
    new = NeuralChains(chains.model, chains.moves, reverse, keys).log_prob()
    accepted = np.log(random.random(len(new))) < ratio * (new - log_prob)
    result = NeuralChains(chains.model, chains.moves, np.where(accepted[:, None], reverse, values), keys)
    result.index = chains.index
    return result, np.where(accepted, new, log_prob), accepted


def proposals(arrays, header, settings):
    """log p and m (steps, chains) of independent configurations drawn site by site."""
    shape = settings["steps"], settings["chains"]
    values = sample_ancestral(arrays, header, shape[0] * shape[1], settings["seed"], "algorithms", settings["name"])
    m = values.mean((1, 2), dtype=float) / max(header["alphabet"])
    return log_weight(arrays, header)(values).reshape(shape), m.reshape(shape)


def independence(log_prob, magnetization, ratios, random):
    """Chains whose proposals are independent draws from p, accepted by the ratio of weights p^(T0/T - 1).

    log_prob, magnetization: (steps, chains) of the proposals, which all temperatures share.  ratios:
    (temperatures,) T0/T.  Returns (3, steps, temperatures, chains): log p, m, acceptance.
    Source: L. Tierney, Ann. Stat. 22, 1701 (1994), sect. 2.3.
    """
    steps, chains = log_prob.shape
    result = np.empty((3, steps, len(ratios), chains))
    result[:, 0] = np.array([log_prob[0], magnetization[0], np.ones(chains)])[:, None]
    for n in range(1, steps):
        gain = (ratios[:, None] - 1) * (log_prob[n] - result[0, n - 1])
        accepted = np.log(random.random((len(ratios), chains))) < gain
        result[0, n] = np.where(accepted, log_prob[n], result[0, n - 1])
        result[1, n] = np.where(accepted, magnetization[n], result[1, n - 1])
        result[2, n] = accepted
    return result


def chain_time(series):
    """Integrated autocorrelation time, and its error, of series (steps, ..., chains), from the scatter of chain means.

    tau = steps variance(means) / (2 variance): sees a value that never changes in a chain, for which it
    gives half the steps, a lower bound.
    """
    steps, chains = len(series), series.shape[-1]
    variance = np.maximum(series.var((0, -1)), 1e-30)
    time = steps * series.mean(0).var(-1, ddof=1) / (2 * variance)
    return time, time * np.sqrt(2 / (chains - 1))


def converged(series):
    """Whether `LEAST_TIMES` autocorrelation times fit in the steps and both halves agree.

    series: (steps, ..., chains).
    """
    half = len(series) // 2
    drift, error = mean_and_error(series[:half].mean(0) - series[half:].mean(0))
    return (LEAST_TIMES * chain_time(series)[0] <= len(series)) & (np.abs(drift) <= MOST_DRIFT * error)


def agreement(means, errors, counted):
    """(temperature,) probability of a larger chi^2 of the `counted` algorithms' means (algorithm, temperature).

    NaN where fewer than two count.
    """
    weights = np.where(counted, 1 / np.maximum(errors, 1e-12) ** 2, 0.0)
    common = (weights * means).sum(0) / np.maximum(weights.sum(0), 1e-300)
    free = counted.sum(0) - 1
    return np.where(free > 0, chi2.sf((weights * (means - common) ** 2).sum(0), np.maximum(free, 1)), np.nan)


def summary(temperatures, series, acceptance):
    """Dataset of `QUANTITIES`, from (steps, temperatures, chains) each, for each of `ALGORITHMS`."""
    dims = ("algorithm", "temperature")
    result = xr.Dataset(coords={"algorithm": ALGORITHMS, "temperature": ("temperature", temperatures)})
    result["temperature"].attrs["units"] = "J/k_B"
    for i, (name, (text, unit)) in enumerate(QUANTITIES.items()):
        means, errors = np.array([mean_and_error(run[i].mean(0)) for run in series]).swapaxes(0, 1)
        times, time_errors = np.array([chain_time(run[i]) for run in series]).swapaxes(0, 1)
        counted = np.array([converged(run[i]) for run in series])
        time_text = f"integrated autocorrelation time of {text}, a step is N network evaluations"
        columns = {
            "": (dims, means, unit, f"mean {text}"),
            "_error": (dims, errors, unit, f"standard error of mean {text}"),
            "_time": (dims, times, "step", time_text),
            "_time_error": (dims, time_errors, "step", f"standard error of {time_text}"),
            "_converged": (dims, counted.astype(np.int8), "1", f"1 where the chains are long enough for {text}"),
            "_agreement": ("temperature", agreement(means, errors, counted), "1", "probability of a larger chi^2"),
        }
        for ending, (dimensions, values, units, long_name) in columns.items():
            result[name + ending] = dimensions, values, {"units": units, "long_name": long_name}
    description = "fraction of accepted proposals: of one site, of all spins flipped, of swaps, of configurations"
    result["acceptance"] = dims, acceptance, {"units": "1", "long_name": description}
    return result
