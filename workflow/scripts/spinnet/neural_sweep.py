"""Sweeps of a learned Hamiltonian over temperature."""

import numpy as np

from spinnet.blocking import magnetization_per_spin
from spinnet.checkpoint import NONE
from spinnet.errors import UserError
from spinnet.interactions import ISING, energy
from spinnet.lattice import ising_energy
from spinnet.samplers.learned import start
from spinnet.statistics import DISAGREE, mean_and_error
from spinnet.sweeps import STARTS, describe, summary

CHECKS = 8  # looks at the errors while the largest number of sweeps is measured
LEAST = 10  # measured sweeps; autocorrelation times need some


def neural_sweep(temperatures, arrays, header, settings, progress, checkpoint=NONE):
    """Sweep of a learned Hamiltonian at p(s)^(T0/T) (Wang & Jiang, eq. 2).

    arrays, header: a model file.  settings: seed, name, moves, chains_per_start, burn_in, sweeps, and
    if wanted error (see `_enough`), size, multiplicity and device (see `samplers.learned.start`).  Hot chains start
    from random spins and cool linearly from max(T, 2 T0) to T during burn-in; cold chains start from aligned
    spins, half of them up.  The result has the energy if the interactions behind the data and the
    spins are known; block sums have that of the learned Hamiltonian in its place.
    Raises UserError if a Hamiltonian accepts nothing.
    """
    per_start = settings["chains_per_start"]
    shape = (len(temperatures), 2, per_start)
    target = np.broadcast_to(np.asarray(temperatures, float)[:, None, None], shape)
    hot = np.broadcast_to(np.array([True, False])[None, :, None], shape)
    names = [(float(t), s, c) for t in temperatures for s in STARTS for c in range(per_start)]
    chains = start(arrays, header, settings, names, hot.ravel())
    series, acceptance, moved = _measure(chains, header, settings, target, hot, progress, checkpoint)
    _refuse_immobile(temperatures, moved[:, STARTS.index("hot")], header, settings)
    if header["transform"] != "raw":
        series.setdefault("energy", series["learned_energy"])
    result = summary(temperatures, series, (settings.get("size") or header["size"]) ** 2)
    result["acceptance"] = (("temperature", "start", "chain"), acceptance)
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
    """Burn in and measure at the temperatures `target` (temperature, start, chain).

    Returns {observable: one array (start, chain, sweep) a temperature}, and acceptance rates and whether a chain ever
    moved (temperature, start, chain).
    """
    t0, shape = header["temperature"], target.shape
    hottest, known = np.maximum(target, 2 * t0), chains.spins and header["interactions"]
    names = ["magnetization", "learned_energy", *(["energy"] if known else [])]
    series = {name: np.zeros((settings["sweeps"], *shape), np.float32) for name in names}
    acceptance, moved, first = np.zeros(shape), np.zeros(shape, bool), -settings["burn_in"]
    length = np.zeros(len(target), int)  # measured sweeps of the temperatures that are done, else 0
    checkpoint = checkpoint.part(type(chains.chains).__name__)  # those of a GPU are others than those of a CPU
    if saved := checkpoint.restore():
        first, length, acceptance, moved = saved["next"], *(saved[k].copy() for k in ("length", "acceptance", "moved"))
        for name, values in saved["series"].items():
            series[name][: len(values)] = values
        chains.chains.keep(np.repeat(length == 0, target[0].size))
        chains.chains.state = saved["chains"]
    for n in progress(range(first, settings["sweeps"])):
        running = length == 0
        cooling = min(1.0, (n + settings["burn_in"] + 1) / (0.8 * settings["burn_in"]))
        temperature = np.where(hot, hottest + (target - hottest) * cooling, target)[running]
        log_weight, accepted = chains.chains.sweep(t0 / temperature.ravel())
        moved[running] |= (accepted > 0).reshape(temperature.shape)
        if n >= 0:
            acceptance[running] += accepted.reshape(temperature.shape)
            for name, values in _observe(chains, header, settings, log_weight, names).items():
                series[name][n, running] = values.reshape(temperature.shape)
            done = running & _enough(series["magnetization"][: n + 1], settings)
            length[done] = n + 1
            if length.all():
                break
            if done.any():
                chains.chains.keep(np.repeat(~done[running], target[0].size))
        if checkpoint.due():
            recorded = {name: values[: max(n + 1, 0)] for name, values in series.items()}
            state = {"next": n + 1, "chains": chains.chains.state, "series": recorded, "length": length.copy()}
            checkpoint.save(state | {"acceptance": acceptance.copy(), "moved": moved.copy()})
    series = {k: [np.moveaxis(s[:n, i], 0, -1) for i, n in enumerate(length)] for k, s in series.items()}
    return series, acceptance / length[:, None, None], moved


def _observe(chains, header, settings, log_weight, names):
    """{observable in `names`: (chains,)} per spin of the present states."""
    spins = (settings.get("size") or header["size"]) ** 2
    found = {"magnetization": magnetization_per_spin(chains.values(), header["alphabet"])}
    found["learned_energy"] = -header["temperature"] * log_weight / spins + header["energy_offset"]
    if "energy" in names:
        found["energy"] = _energy(chains.spins(), header["interactions"]) / spins
    return found


def _enough(magnetization, settings):
    """(temperature,) whether it is measured no more; magnetization: |m| (sweep, temperature, start, chain) so far.

    settings["sweeps"] are the most.  With settings["error"], it ends at one of the `CHECKS` looks from a quarter of
    these on, if the standard error of |m| from the scatter of all chains is no larger; or if hot and cold chains
    disagree, as chains out of equilibrium, frozen ones above all, tell no more in more sweeps.
    """
    n, most, error = len(magnetization), settings["sweeps"], settings.get("error")
    if n == most or error is None or n < max(LEAST, most // 4) or n % (most // CHECKS):
        return n == most
    means = magnetization.mean(0, dtype=float)
    value, own = mean_and_error(means)
    differ = np.abs(value[:, 0] - value[:, 1]) > DISAGREE * np.hypot(own[:, 0], own[:, 1])
    return differ | (mean_and_error(means.reshape(len(means), -1))[1] <= error)


def _energy(spins, interactions):
    """Energy (chains,) [J]; the Ising model's by a shorter way."""
    return ising_energy(spins) if interactions == ISING else energy(spins, interactions)
