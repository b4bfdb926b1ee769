"""Replicas of the problem "samplers": averages of every sampler's chains on 4x4 and 8x8 against exact values.

Every temperature of a sweep or an ensemble has random streams of its own.  So replica i is the temperature
T (1 + `APART` i), and what is calibrated is what the workflow itself makes of chains from both starts.
"""

from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from typing import NamedTuple

import numpy as np

from spinnet.calibration import networks
from spinnet.calibration.cases import case, join
from spinnet.checkpoint import NONE
from spinnet.density_of_states import density_of_states
from spinnet.deviation import pooled, starts_differ
from spinnet.ensembles import sample, to_dataset
from spinnet.exact import T_CRITICAL, all_configurations
from spinnet.exact_sweep import exact_sweep
from spinnet.interactions import ISING, energy
from spinnet.learned import log_weight
from spinnet.learning import learn
from spinnet.models.local import offsets
from spinnet.neural_sweep import neural_sweep

APART = 1e-10  # relative distance of the replicas' temperatures: no average changes by more than 1e-6
BLOCK = 250  # replicas in one sweep, which bounds the memory
FOUR = ("energy", "magnetization", "specific_heat", "susceptibility")
PLAQUETTE, THREE = {"nearest": 1.0, "diagonal": -0.2, "plaquette": 0.4}, {"nearest": 0.8, "three": 0.1}  # J


class Condition(NamedTuple):
    """Chains at one temperature [J/k_B], and the quantities compared."""

    sampler: str  # metropolis, wolff, or the architecture of a learned Hamiltonian
    size: int
    temperature: float
    chains: int  # from each start, as sweeps of the configuration have: 8, 16 or 32
    updates: tuple  # to equilibrate, at least ten autocorrelation times, and measured
    quantities: tuple
    interactions: dict = ISING  # J
    note: str = ""

    def __str__(self):
        return f"{self.size}x{self.size}, T = {self.temperature:.3g}, {self.sampler}{self.note}"


SWEEPS = (
    Condition("metropolis", 4, T_CRITICAL, 32, (50, 100), FOUR),
    Condition("multispin", 4, T_CRITICAL, 32, (50, 100), ("energy", "magnetization", "specific_heat")),
    Condition("wolff", 4, 2.0, 8, (50, 200), ("energy", "specific_heat")),
    Condition("wolff", 8, T_CRITICAL, 8, (50, 200), FOUR),
    Condition("metropolis", 8, 3.0, 16, (50, 100), ("magnetization", "susceptibility")),
    Condition("metropolis", 4, 2.0, 16, (50, 200), ("energy", "specific_heat"), PLAQUETTE, ", plaquette"),
    Condition("metropolis", 4, 2.4, 16, (50, 200), ("magnetization", "specific_heat"), THREE, ", three spins"),
    Condition("made", 4, 2.0, 8, (100, 200), ("learned_energy", "magnetization", "learned_specific_heat")),
    Condition("local", 4, 2.0, 16, (100, 200), ("energy", "magnetization", "specific_heat")),
)
ENSEMBLE = Condition("wolff", 8, T_CRITICAL, 8, (0, 100), ("energy", "magnetization"), note=", thinned")
HASTY = Condition("metropolis", 8, T_CRITICAL, 32, (3, 30), ("magnetization",), note=" after one tau")
CONDITIONS = (*SWEEPS, HASTY, ENSEMBLE)


def replicas(numbers, seed, progress, checkpoint=NONE):
    """Dataset of kind "calibration" of the replicas `numbers` (range)."""
    models = {"made": checkpoint.once("network", lambda _: _made(seed)), "local": _local()}

    def cases(condition, part):
        return cases_of(condition, numbers, seed, models, part)

    found = checkpoint.part("conditions").map(cases, CONDITIONS, progress)
    return join([case for cases in found for case in cases], numbers)


def cases_of(condition, numbers, seed, models, checkpoint=NONE):
    """Cases of one condition; models: {architecture: model file} of the learned Hamiltonians."""
    temperatures = condition.temperature * (1 + APART * np.array(numbers))
    measure = _ensemble if condition is ENSEMBLE else _sweep
    blocks = [temperatures[i : i + BLOCK] for i in range(0, len(numbers), BLOCK)]
    parts = checkpoint.map(lambda block, _: measure(condition, block, seed, models), blocks, iter)
    exact, cases = truth(condition, models), []
    role = "compared" if condition is HASTY else "used"
    for name in condition.quantities:
        value, error, flagged = np.concatenate([part[name] for part in parts], axis=1)
        estimator, freedom = _estimator(condition, name)
        names = role, estimator, name.replace("_", " "), str(condition)
        cases.append(case(*names, value, error, exact[name], freedom=freedom, flagged=flagged > 0))
    return cases


def _estimator(condition, name):
    """Name, and degrees of freedom of the error."""
    if condition is ENSEMBLE:
        return "Gamma method", np.inf
    if name in ("susceptibility", "specific_heat", "learned_specific_heat"):
        return "jackknife, chains", 2 * (condition.chains - 1)  # of each start by itself
    return "scatter of chains", 2 * condition.chains - 1


def _sweep(condition, temperatures, seed, models):
    """(3, replicas) by quantity: value, error, and whether hot and cold starts differ."""
    settings = {"seed": seed, "name": f"calibration {condition}", "chains_per_start": condition.chains}
    settings |= dict(zip(("burn_in", "sweeps"), condition.updates, strict=True))
    if condition.sampler in models:
        sweep = neural_sweep(temperatures, *models[condition.sampler], settings | {"moves": "site"}, iter)
    else:
        settings |= {name: getattr(condition, name) for name in ("size", "sampler", "interactions")}
        sweep = exact_sweep(temperatures, settings, iter)
    return {name: np.array([*pooled(sweep, name), starts_differ(sweep)]) for name in condition.quantities}


def _ensemble(condition, temperatures, seed, _):
    """(3, replicas) by quantity: value, error, and nothing against them."""
    settings = {"seed": seed, "name": f"calibration {condition}", "temperatures": temperatures, "thinning": 2.0}
    settings |= {"chains": condition.chains, "samples": condition.updates[1]}
    settings |= {"size": condition.size, "sampler": condition.sampler}
    with redirect_stdout(StringIO()):  # a line for each temperature
        found = sample(settings, iter)
    never = np.zeros(len(temperatures))
    return {name: np.array([found[name], found[name + "_error"], never]) for name in condition.quantities}


def truth(condition, models):
    """{quantity: exact value per site}, in the units of sweeps, by summing over all states."""
    t, sites = condition.temperature, condition.size**2
    if condition.size > 4:
        return _averages(*_counted(condition.size), t, sites)
    spins = all_configurations(condition.size)
    energies, m = energy(spins, condition.interactions), np.abs(spins.mean((1, 2)))
    if condition.sampler not in models:
        return _averages(np.zeros(len(spins)), energies, m, t, sites)
    arrays, header = models[condition.sampler]
    log_p = log_weight(arrays, header)(spins)
    learned = -header["temperature"] * log_p
    log_count = (energies - learned) / t  # turns the weight of the energies into that of the learned ones
    result = _averages(log_count, energies, m, t, sites)
    of_learned = _averages(np.zeros(len(spins)), learned, m, t, sites)
    result["learned_energy"] = of_learned["energy"] + header["energy_offset"]
    return result | {"learned_specific_heat": of_learned["specific_heat"]}


@cache
def _counted(size):
    """ln of the number of states, energy [J] and |m| of each kind of states of the Ising model."""
    counts = density_of_states(size)["states"]
    row, column = np.nonzero(counts.values)
    m = np.abs(counts["magnetization"].values[column]) / size**2
    return np.log(counts.values[row, column].astype(float)), counts["energy"].values[row], m


def _averages(log_count, energies, m, temperature, sites):
    """{quantity: exact value per site} of states with the weights exp(log_count - energy / T)."""
    log_p = log_count - energies / temperature
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    mean, absolute = p @ energies, p @ m
    return {
        "energy": mean / sites, "specific_heat": p @ (energies - mean) ** 2 / temperature**2 / sites,
        "magnetization": absolute, "susceptibility": sites * p @ (m - absolute) ** 2 / temperature,
    }  # fmt: skip


def _made(seed):
    """Model of the Ising model on 4x4, of the architecture "made"."""
    named = {"seed": seed, "name": "calibration"}
    dataset = to_dataset(sample(named | networks.DATA, iter), named | networks.SPLIT)
    network = networks.NETWORK | networks.TRAINING["good"] | {"hidden": [32, 32]}  # as deep as the paper's
    return learn(dataset, named | network, iter)


def _local():
    """Model of the architecture "local" with the couplings of the Ising model and a term of four spins, 0.2 J."""
    window = offsets(1)
    spins = 2.0 * ((np.arange(1 << len(window))[:, None] >> np.arange(len(window))) & 1) - 1
    left, above, diagonal = (spins[:, window.index(site)] for site in ((0, -1), (-1, 0), (-1, -1)))
    header = {
        "architecture": "local", "window": 1, "alphabet": [-1, 1], "temperature": networks.T0, "size": networks.SIZE,
        "transform": "raw", "interactions": ISING, "energy_offset": 0.0,
    }  # fmt: skip
    return {"field": (left + above + 0.2 * left * above * diagonal) / networks.T0}, header
