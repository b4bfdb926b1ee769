"""Replicas of the problem "free_energies": importance sampling of the Ising model on 4x4 with fixed small networks.

Samples of a network are drawn from the enumeration of its p, which is the same distribution as site by site.
"""

import numpy as np
import xarray as xr

from spinnet.calibration.cases import case, join
from spinnet.calibration.networks import SIZE, T0, log_probabilities
from spinnet.checkpoint import NONE
from spinnet.encoder.importance import BINS, reweighted
from spinnet.exact import all_configurations, enumerate_lattice
from spinnet.lattice import ising_energy
from spinnet.rng import generator

STATES = all_configurations(SIZE)
ENERGIES, MAGNETIZATIONS = ising_energy(STATES).astype(float), np.abs(STATES.mean((1, 2)))  # totals [J], per spin
SAMPLES = 8000  # as in the encoder's study
ALL = ("free_energy", "energy", "specific_heat", "magnetization")
# Quantities by network and temperature [J/k_B]: near T0 = 2.5 and far from it, and of networks that lack states.
POINTS = {
    "good": {2.0: ALL, T0: (*ALL, "variational_free_energy"), 3.0: ALL, 6.0: ("free_energy", "specific_heat")},
    "fair": {T0: ("free_energy", "energy", "variational_free_energy")},
    "poor": {T0: ("free_energy", "energy"), 6.0: ("free_energy",)},
}


def replicas(numbers, seed, progress, checkpoint=NONE):
    """Dataset of kind "calibration" of the replicas `numbers` (range)."""
    networks = checkpoint.once("networks", lambda _: log_probabilities(seed))

    def replica(number, _):
        streams = {name: generator(seed, "calibration", "free_energies", name, number) for name in POINTS}
        return {name: sampled(networks[name], [*POINTS[name]], random) for name, random in streams.items()}

    found, cases = checkpoint.part("replicas").map(replica, numbers, progress), []
    for name in POINTS:
        together = xr.concat([one[name] for one in found], "replica")
        for temperature, quantities in POINTS[name].items():
            at, truth = together.sel(temperature=temperature), truths(networks[name], temperature)
            cases += [_case(at, truth, quantity, f"{name} network, T = {temperature:g}") for quantity in quantities]
    return join(cases, numbers)


def sampled(log_p, temperatures, random):
    """Result of `importance.reweighted` at temperatures [J/k_B] from samples of a network with log p (65536,)."""
    i = drawn(log_p, random)
    return reweighted(log_p[i], ENERGIES[i], MAGNETIZATIONS[i], temperatures, SIZE**2)


def drawn(log_p, random):
    """Indices (`SAMPLES`,) of independent states."""
    total = np.cumsum(np.exp(log_p))
    return np.searchsorted(total, total[-1] * random.random(SAMPLES), side="right")


def truths(log_p, temperature):
    """{quantity: exact value} at a temperature; that of the variational free energy is of the network itself."""
    exact = enumerate_lattice(SIZE, temperature)
    bound = np.exp(log_p) @ (ENERGIES + temperature * log_p)
    free = {"free_energy": -temperature * exact["log_partition"], "variational_free_energy": bound}
    return exact | {name: value / SIZE**2 for name, value in free.items()}


def _case(at, truth, quantity, condition):
    """Case of one quantity; replicas with too few effective samples are flagged, unless it needs no weights."""
    names = "importance sampling", quantity.replace("_", " "), condition
    value, error = at[quantity], at[f"{quantity}_error"]
    if quantity == "variational_free_energy":
        return case("used", "mean", *names[1:], value, error, truth[quantity])
    flagged = at["reliable"] == 0
    return case("used", *names, value, error, truth[quantity], freedom=BINS - 1, flagged=flagged)
