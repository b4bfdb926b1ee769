"""Sweeps over temperature: chains of the exact or of a learned Hamiltonian, and their averages.

Every sweep is an xarray dataset with dims temperature, start ("hot", "cold") and chain; values
are averages over the measured part of a chain, errors come from the scatter of the independent
chains.
"""

import numpy as np
import xarray as xr

from spinnet.blocking import magnetization_per_spin
from spinnet.interactions import ISING, energy
from spinnet.lattice import ising_energy
from spinnet.samplers.ising import IsingChains
from spinnet.samplers.learned import start
from spinnet.statistics import autocorrelation_time, jackknife, mean_and_error

STARTS = ["hot", "cold"]

UNITS = {
    "temperature": ("temperature", "J/k_B"),
    "magnetization": ("mean |magnetization| per spin", "1"),
    "energy": ("energy per spin", "J"),
    "learned_energy": ("learned Hamiltonian per spin, offset fixed on data at T0", "J"),
    "specific_heat": ("specific heat per spin from the fluctuations of energy", "k_B"),
    "learned_specific_heat": ("specific heat per spin from the fluctuations of the learned Hamiltonian", "k_B"),
    "susceptibility": ("susceptibility per spin, N (<m^2> - <|m|>^2) / T", "1/J"),
    "acceptance": ("fraction of accepted proposals", "1"),
    "autocorrelation_time": ("integrated autocorrelation time of |magnetization|", "updates"),
}


def exact_sweep(temperatures, settings, progress):
    """Sweep of an exact Hamiltonian.

    settings: seed, name, size, sampler, chains_per_start, burn_in, sweeps, and interactions ({term:
    strength [J]}; Ising's if missing).
    """
    interactions = settings.get("interactions", ISING)
    spins, rows = settings["size"] ** 2, {"magnetization": [], "energy": []}
    for temperature in progress(temperatures):
        chains = IsingChains(
            settings["sampler"], settings["size"], temperature, 2 * settings["chains_per_start"],
            settings["seed"], "exact sweep", settings["name"], float(temperature), interactions=interactions,
        )  # fmt: skip
        chains.record(settings["burn_in"], 1)
        energy, magnetization, _ = chains.record(settings["sweeps"], 1)
        for name, series in (("energy", energy), ("magnetization", np.abs(magnetization))):
            rows[name].append(np.stack([series[0::2], series[1::2]]) / spins)
    return summary(temperatures, {name: np.array(row) for name, row in rows.items()}, spins)


def neural_sweep(temperatures, arrays, header, settings, progress):
    """Sweep of a learned Hamiltonian at p(s)^(T0/T) (Wang & Jiang, eq. 2).

    arrays, header: a model file.  settings: seed, name, moves, chains_per_start, burn_in, sweeps, and
    if wanted size and multiplicity (see `samplers.learned.start`).  Hot chains start from random
    spins and cool linearly from max(T, 2 T0) to T during burn-in; cold chains start from aligned
    spins, half of them up.  The result has the energy if the interactions behind the data and the
    spins are known; block sums have that of the learned Hamiltonian in its place.
    """
    per_start = settings["chains_per_start"]
    shape = (len(temperatures), 2, per_start)
    target = np.broadcast_to(np.asarray(temperatures, float)[:, None, None], shape).ravel()
    hot = np.broadcast_to(np.array([True, False])[None, :, None], shape).ravel()
    names = [(float(t), s, c) for t in temperatures for s in STARTS for c in range(per_start)]
    chains = start(arrays, header, settings, names, hot)
    series, acceptance = _measure(chains, header, settings, target, hot, progress)
    series = {name: np.moveaxis(s, 0, -1).reshape(*shape, -1) for name, s in series.items()}
    if header["transform"] != "raw":
        series.setdefault("energy", series["learned_energy"])
    result = summary(temperatures, series, (settings.get("size") or header["size"]) ** 2)
    result["acceptance"] = (("temperature", "start", "chain"), acceptance.reshape(shape))
    return _describe(result)


def _measure(chains, header, settings, target, hot, progress):
    """Burn in and measure: series (sweeps, chains) of each observable, acceptance rates (chains,)."""
    spins, t0 = (settings.get("size") or header["size"]) ** 2, header["temperature"]
    hottest, known = np.maximum(target, 2 * t0), chains.spins and header["interactions"]
    names = ["magnetization", "learned_energy", *(["energy"] if known else [])]
    series = {name: np.empty((settings["sweeps"], len(target)), np.float32) for name in names}
    acceptance = np.zeros(len(target))
    for n in progress(range(-settings["burn_in"], settings["sweeps"])):
        cooling = min(1.0, (n + settings["burn_in"] + 1) / (0.8 * settings["burn_in"]))
        temperature = np.where(hot, hottest + (target - hottest) * cooling, target)
        log_weight, accepted = chains.sweep(t0 / temperature)
        if n < 0:
            continue
        series["magnetization"][n] = magnetization_per_spin(chains.values(), header["alphabet"])
        series["learned_energy"][n] = -t0 * log_weight / spins + header["energy_offset"]
        if known:
            series["energy"][n] = _energy(chains.spins(), header["interactions"]) / spins
        acceptance += accepted / settings["sweeps"]
    return series, acceptance


def _energy(spins, interactions):
    """Energy (chains,) [J]; the Ising model's by a shorter way."""
    return ising_energy(spins) if interactions == ISING else energy(spins, interactions)


def summary(temperatures, series, spins):
    """Averages and errors of series (temperature, start, chain, time) per spin of N = `spins` spins."""
    t = np.asarray(temperatures, float)
    result = xr.Dataset(coords={"temperature": t, "start": STARTS})
    means = {name: s.mean(-1, dtype=float) for name, s in series.items()}
    for name, values in means.items():
        result[name] = (("temperature", "start", "chain"), values)
        result[name + "_error"] = (("temperature", "start"), mean_and_error(values)[1])
    heats = {"energy": "specific_heat", "learned_energy": "learned_specific_heat"}
    quadratic = {heats[k]: (k, t**2) for k in means if k in heats} | {"susceptibility": ("magnetization", t)}
    for name, (source, power) in quadratic.items():
        square = (series[source].astype(float) ** 2).mean(-1)
        value, error = jackknife(lambda m, m2, power=power: spins * (m2 - m**2) / power[:, None], means[source], square)
        result[name] = (("temperature", "start"), value)
        result[name + "_error"] = (("temperature", "start"), error)
    times = [[autocorrelation_time(c)[0] for c in row] for row in series["magnetization"]]
    result["autocorrelation_time"] = (("temperature", "start"), np.array(times))
    return _describe(result)


def _describe(result):
    for name, variable in result.variables.items():
        base = str(name).removesuffix("_error")
        if base in UNITS:
            text, unit = UNITS[base]
            prefix = "standard error of " if base != name else ""
            variable.attrs.update(long_name=prefix + text, units=unit)
    return result
