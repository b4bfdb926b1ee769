"""Judgement of a learned distribution: likelihood of held-out configurations, ancestral samples."""

import numpy as np
import xarray as xr

from spinnet.blocking import magnetization_per_spin, transform
from spinnet.ensembles import PARTS
from spinnet.exact import kaufman
from spinnet.interactions import ISING, energy
from spinnet.learned import log_weight, sample_ancestral
from spinnet.samplers.constrained import log_block_weight
from spinnet.statistics import jackknife, mean_and_error, mean_of_series
from spinnet.training import make_deterministic

LEAST_OVERLAP = 0.25  # see `overlap`; below, gaps of networks without Z come out too small, by calibration


def exact_log_prob(spins, energies, header, settings):
    """Exact log p (configurations,) of what the network sees of `spins`; None if it is not known.

    Spins of the Ising model: -E/T0 - ln Z with Kaufman's Z.  Stride-1 block sums: the same, as they
    determine the spins except where a checkerboard stripe runs through the whole lattice.  Stride-2
    block sums: thermodynamic integration at fixed sums (`log_block_weight`).  Differences from
    log p of a network are far less noisy than its likelihood minus the entropy.
    """
    if header["interactions"] != ISING or header["transform"] == "majority":
        return None
    size, t0 = header["size"], header["temperature"]
    log_z = kaufman(size, [t0]).log_partition[0] * size**2
    if header["transform"] == "block_sum_stride2":
        return log_block_weight(spins, t0, settings["seed"], "exact log p", settings["name"]) - log_z
    return -energies / t0 - log_z


def energy_comparison(learned, energies):
    """{name: (value, error, unit)} of the least-squares line of the learned on the true energy [J].

    Both (chains, configurations): slope, R^2 and the standard deviation from the line; errors by jackknife over chains.
    """

    def line(x, y, xx, xy, yy):
        true, both, own = xx - x * x, xy - x * y, yy - y * y
        explained = both * both / true
        return np.stack([both / true, explained / own, np.sqrt(np.maximum(own - explained, 0.0))])

    x, y = energies - energies.mean(), learned - learned.mean()
    results = jackknife(line, *(a.mean(axis=1) for a in (x, y, x * x, x * y, y * y)))
    names = (("slope", "1"), ("r_squared", "1"), ("residual", "J"))
    return {name: (value, error, unit) for (name, unit), value, error in zip(names, *results, strict=True)}


def evaluate(dataset, spins, arrays, header, settings):
    """Log p (sample,) on the test part, KL gap, energies and their comparison, ancestral samples.

    spins: (samples, L, L) of the ensemble behind `dataset`, which ends with the test part.  Where
    the exact p is known, the configurations are judged without the noise of the data set.  What the
    data or the network cannot give is left out: the KL gap without an exact p, the energies
    without interactions, likelihood and ancestral samples where log p lacks a constant ("local").
    settings: seed, name, ancestral_samples.
    """
    make_deterministic(settings["seed"], "evaluation", settings["name"])
    test = dataset["part"].values == PARTS.index("test")
    values, spins = dataset["values"].values[0, test], spins[-test.sum() :]
    energies = dataset["energy"].values[0, test] if "energy" in dataset else None
    exact = exact_log_prob(spins, energies, header, settings)
    if exact is not None:
        values = transform(header["transform"], spins)
    log_p = log_weight(arrays, header)(values)
    normalised = header["architecture"] != "local"
    chains = len(np.unique(dataset["chain"].values[test]))
    numbers = likelihood(log_p.reshape(chains, -1)) if normalised else {}
    if exact is not None:
        difference = (exact - log_p).reshape(chains, -1)
        numbers |= kl_gap(difference, normalised)
    if normalised:
        numbers |= ancestral(arrays, header, settings)
    result = xr.Dataset({"log_prob": ("sample", log_p, {"long_name": "log probability", "units": "nat"})})
    if exact is not None and not normalised:
        reliable = np.int8(overlap(difference) >= LEAST_OVERLAP)
        result["kl_gap_reliable"] = (), reliable, {"long_name": "1 if the configurations suffice for ln Z"}
    if energies is not None:
        result["energy"] = "sample", energies, {"long_name": "energy of the spins", "units": "J"}
        learned = -header["temperature"] * log_p
        numbers |= energy_comparison(learned.reshape(chains, -1), energies.reshape(chains, -1))
    for name, (value, error, unit) in numbers.items():
        result[name] = (), value, {"units": unit}
        result[name + "_error"] = (), error, {"units": unit}
    return result


def likelihood(log_p):
    """{name: (value, error, unit)} of the negative log-likelihood; log_p: (chains, configurations)."""
    return {"negative_log_likelihood": (*mean_of_series(-log_p), "nat")}


def kl_gap(difference, normalised):
    """{name: (value, error, unit)} of KL(exact p || network) [nats].

    difference: (chains, configurations) exact log p minus that of the network, on configurations
    of the exact p.  If the network's p lacks its Z, the configurations give that too:
    Z = <weight / exact p>.
    """
    if normalised:
        return {"kl_gap": (*mean_of_series(difference), "nat")}
    shift = difference.mean()
    means = (difference - shift).mean(1), np.exp(shift - difference).mean(1)
    value, error = jackknife(lambda x, ratio: x + np.log(ratio), *means)
    return {"kl_gap": (value, error, "nat")}


def overlap(difference):
    """Effective fraction, L. Kish, Survey Sampling (1965), of the configurations behind Z = <weight / exact p>.

    difference: (chains, configurations) exact log p minus log weight [nats].
    """
    ratio = np.exp(difference.min() - difference)
    return ratio.sum() ** 2 / (ratio**2).sum() / ratio.size


def ancestral(arrays, header, settings):
    """{name: (value, error, unit)} of independent samples drawn from the network at T0."""
    result = {}
    for name, values in ancestral_observables(arrays, header, settings).items():
        result[f"ancestral_{name}"] = (*mean_and_error(values), "J" if "energy" in name else "1")
    return result


def ancestral_observables(arrays, header, settings):
    """{observable: (samples,)} per spin of independent samples drawn from the network at T0."""
    drawn = sample_ancestral(arrays, header, settings["ancestral_samples"], settings["seed"], settings["name"])
    spins = header["size"] ** 2
    learned = -header["temperature"] * log_weight(arrays, header)(drawn) / spins + header["energy_offset"]
    magnetization = magnetization_per_spin(drawn.reshape(len(drawn), -1), header["alphabet"])
    result = {"magnetization": magnetization, "learned_energy": learned}
    if header["transform"] == "raw" and header["interactions"]:
        result["energy"] = energy(drawn, header["interactions"]) / spins
    return result
