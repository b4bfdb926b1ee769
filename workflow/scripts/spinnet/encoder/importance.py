"""Independent samples of a normalised network, reweighted to the Boltzmann distribution of a known Hamiltonian.

Source: K. A. Nicoli et al., Phys. Rev. E 101, 023304 (2020): with weights w = exp(-E/T) / p the mean
of w is Z, and averages over w have no bias from the network but for that of a ratio, 1/samples.
"""

import numpy as np
import xarray as xr
from scipy.special import logsumexp

from spinnet.errors import UserError
from spinnet.exact import kaufman
from spinnet.interactions import ISING, energy
from spinnet.learned import log_weight, sample_ancestral
from spinnet.statistics import jackknife, mean_and_error

BINS = 50  # groups of samples, left out one at a time for errors
# Below, the errors cannot be relied on: the heaviest states were not met, and a small fraction is measured too large.
LEAST_SIZE, LEAST_FRACTION = 100, 0.5  # effective samples, and their fraction; by calibration

UNITS = {
    "free_energy": ("free energy per spin, -T ln Z / N", "J"),
    "variational_free_energy": ("mean of E + T log p per spin, an upper bound of the free energy", "J"),
    "energy": ("energy per spin", "J"),
    "magnetization": ("mean |magnetization| per spin", "1"),
    "specific_heat": ("specific heat per spin", "k_B"),
    "effective_size": ("effective number of samples", "1"),
    "effective_fraction": ("effective fraction of the samples", "1"),
}


def importance(arrays, header, settings):
    """Free energy, E, C and |m| of a normalised network's samples at temperatures, of its known Hamiltonian.

    arrays, header: a model file.  settings: seed, name, samples, temperatures [J/k_B].  Returns the
    variables of `UNITS` with errors, (temperature,), and for the Ising model the pulls of F, E and C
    against Kaufman's formula.  Raises UserError for block sums or an unknown Hamiltonian.
    """
    interactions = header["interactions"]
    if header["transform"] != "raw" or interactions is None or header["architecture"] == "local":
        raise UserError(
            f"importance sampling of model {settings['name']}: needed is a normalised model (made or direct) of "
            f"raw spins of a known Hamiltonian, found {header['architecture']} of {header['transform']} spins"
        )
    spins = sample_ancestral(arrays, header, settings["samples"], settings["seed"], "importance", settings["name"])
    magnetization = np.abs(spins.mean(axis=(1, 2), dtype=float))
    log_p, temperatures = log_weight(arrays, header)(spins), np.asarray(settings["temperatures"], float)
    result = reweighted(log_p, energy(spins, interactions), magnetization, temperatures, header["size"] ** 2)
    return add_pulls(result, header["size"]) if interactions == ISING else result


def reweighted(log_p, total_energy, magnetization, temperatures, spins):
    """Averages at temperatures from samples with log p, total energy [J] and |m| per spin, (samples,) each."""
    per = len(log_p) // BINS
    rows = {name: [] for name in UNITS}
    for t in temperatures:
        log_w = -total_energy / t - log_p
        scale = logsumexp(log_w) - np.log(len(log_w))
        w = np.exp(log_w - scale)
        sums = [
            (w * x)[: per * BINS].reshape(BINS, per).mean(1)
            for x in (1.0, total_energy / spins, (total_energy / spins) ** 2, magnetization)
        ]
        rows["free_energy"].append(jackknife(lambda z, s=scale, t=t: -t * (s + np.log(z)) / spins, sums[0]))
        rows["variational_free_energy"].append(mean_and_error((total_energy + t * log_p) / spins))
        rows["energy"].append(jackknife(lambda z, e: e / z, sums[0], sums[1]))
        rows["specific_heat"].append(jackknife(lambda z, e, ee, t=t: spins * (ee / z - (e / z) ** 2) / t**2, *sums[:3]))
        rows["magnetization"].append(jackknife(lambda z, m: m / z, sums[0], sums[3]))
        size = w.sum() ** 2 / (w**2).sum()  # L. Kish, Survey Sampling (1965)
        rows["effective_size"].append(size)
        rows["effective_fraction"].append(size / len(w))
    return _dataset(rows, temperatures)


def _dataset(rows, temperatures):
    result = xr.Dataset(coords={"temperature": ("temperature", temperatures, {"units": "J/k_B"})})
    for name, values in rows.items():
        (text, unit), values = UNITS[name], np.array(values)
        columns = {"": values} if values.ndim == 1 else {"": values[:, 0], "_error": values[:, 1]}
        for ending, column in columns.items():
            prefix = "standard error of " if ending else ""
            result[name + ending] = "temperature", column, {"units": unit, "long_name": prefix + text}
    enough = (result["effective_size"] >= LEAST_SIZE) & (result["effective_fraction"] >= LEAST_FRACTION)
    text = f"1 with at least {LEAST_SIZE} effective samples and an effective fraction of {LEAST_FRACTION}"
    result["reliable"] = enough.astype(np.int8).assign_attrs(long_name=text)
    return result


def add_pulls(result, size):
    """`result` with the exact values of the Ising model, and (value - exact) / error, for F, E and C."""
    temperatures = result["temperature"].values
    exact = kaufman(size, temperatures)
    references = {
        "free_energy": -temperatures * exact.log_partition,
        "energy": exact.energy,
        "specific_heat": exact.specific_heat,
    }
    for name, reference in references.items():
        text, unit = UNITS[name]
        result[f"{name}_exact"] = "temperature", reference, {"units": unit, "long_name": f"exact {text}"}
        pull = (result[name].values - reference) / result[f"{name}_error"].values
        result[f"{name}_pull"] = "temperature", pull, {"units": "1", "long_name": f"{name}: (value - exact) / error"}
    return result
