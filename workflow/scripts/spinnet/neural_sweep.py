"""Sweeps of a learned Hamiltonian over temperature."""

import numpy as np

from spinnet.blocking import magnetization_per_spin
from spinnet.interactions import ISING, energy
from spinnet.lattice import ising_energy
from spinnet.samplers.learned import start
from spinnet.sweeps import STARTS, describe, summary


def neural_sweep(temperatures, arrays, header, settings, progress):
    """Sweep of a learned Hamiltonian at p(s)^(T0/T) (Wang & Jiang, eq. 2).

    arrays, header: a model file.  settings: seed, name, moves, chains_per_start, burn_in, sweeps, and
    if wanted size, multiplicity and device (see `samplers.learned.start`).  Hot chains start from random
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
    return describe(result)


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
