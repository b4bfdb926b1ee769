"""Sweeps of a learned Hamiltonian over temperature."""

import numpy as np

from spinnet.blocking import magnetization_per_spin
from spinnet.checkpoint import NONE
from spinnet.errors import UserError
from spinnet.interactions import ISING, energy
from spinnet.lattice import ising_energy
from spinnet.samplers.learned import start
from spinnet.sweeps import STARTS, describe, summary


def neural_sweep(temperatures, arrays, header, settings, progress, checkpoint=NONE):
    """Sweep of a learned Hamiltonian at p(s)^(T0/T) (Wang & Jiang, eq. 2).

    arrays, header: a model file.  settings: seed, name, moves, chains_per_start, burn_in, sweeps, and
    if wanted size, multiplicity and device (see `samplers.learned.start`).  Hot chains start from random
    spins and cool linearly from max(T, 2 T0) to T during burn-in; cold chains start from aligned
    spins, half of them up.  The result has the energy if the interactions behind the data and the
    spins are known; block sums have that of the learned Hamiltonian in its place.
    Raises UserError if a Hamiltonian accepts nothing.
    """
    per_start = settings["chains_per_start"]
    shape = (len(temperatures), 2, per_start)
    target = np.broadcast_to(np.asarray(temperatures, float)[:, None, None], shape).ravel()
    hot = np.broadcast_to(np.array([True, False])[None, :, None], shape).ravel()
    names = [(float(t), s, c) for t in temperatures for s in STARTS for c in range(per_start)]
    chains = start(arrays, header, settings, names, hot)
    begun = chains.values()
    series, acceptance = _measure(chains, header, settings, target, hot, progress, checkpoint)
    moved = (acceptance > 0) | (chains.values() != begun).any(1)
    _refuse_immobile(temperatures, moved.reshape(shape)[:, STARTS.index("hot")], header, settings)
    series = {name: np.moveaxis(s, 0, -1).reshape(*shape, -1) for name, s in series.items()}
    if header["transform"] != "raw":
        series.setdefault("energy", series["learned_energy"])
    result = summary(temperatures, series, (settings.get("size") or header["size"]) ** 2)
    result["acceptance"] = (("temperature", "start", "chain"), acceptance.reshape(shape))
    return describe(result)


def _refuse_immobile(temperatures, moved, header, settings):
    """UserError if no hot chain at a temperature left its random start; moved: (temperature, chain) bool."""
    for temperature, any_moved in zip(temperatures, moved.any(1), strict=True):
        if not any_moved:
            model = header.get("settings", {}).get("name", "?")
            raise UserError(
                f"sweep {settings['name']}: at T = {temperature:g} no hot chain left its random start, so the "
                f"Hamiltonian of model {model} cannot be sampled; train it with a lower learning_rate or more data"
            )


def _measure(chains, header, settings, target, hot, progress, checkpoint):
    """Burn in and measure: series (sweeps, chains) of each observable, acceptance rates (chains,)."""
    spins, t0 = (settings.get("size") or header["size"]) ** 2, header["temperature"]
    hottest, known = np.maximum(target, 2 * t0), chains.spins and header["interactions"]
    names = ["magnetization", "learned_energy", *(["energy"] if known else [])]
    series = {name: np.empty((settings["sweeps"], len(target)), np.float32) for name in names}
    acceptance, first = np.zeros(len(target)), -settings["burn_in"]
    checkpoint = checkpoint.part(type(chains.chains).__name__)  # those of a GPU are others than those of a CPU
    if saved := checkpoint.restore():
        first, chains.chains.state, recorded = saved["next"], saved["chains"], saved["series"]
        acceptance += saved["acceptance"]
        for name, values in recorded.items():
            series[name][: len(values)] = values
    for n in progress(range(first, settings["sweeps"])):
        cooling = min(1.0, (n + settings["burn_in"] + 1) / (0.8 * settings["burn_in"]))
        temperature = np.where(hot, hottest + (target - hottest) * cooling, target)
        log_weight, accepted = chains.chains.sweep(t0 / temperature)
        if n >= 0:
            series["magnetization"][n] = magnetization_per_spin(chains.values(), header["alphabet"])
            series["learned_energy"][n] = -t0 * log_weight / spins + header["energy_offset"]
            if known:
                series["energy"][n] = _energy(chains.spins(), header["interactions"]) / spins
            acceptance += accepted / settings["sweeps"]
        if checkpoint.due():
            recorded = {name: values[: max(n + 1, 0)] for name, values in series.items()}
            state = {"next": n + 1, "chains": chains.chains.state, "series": recorded}
            checkpoint.save(state | {"acceptance": acceptance.copy()})
    return series, acceptance


def _energy(spins, interactions):
    """Energy (chains,) [J]; the Ising model's by a shorter way."""
    return ising_energy(spins) if interactions == ISING else energy(spins, interactions)
