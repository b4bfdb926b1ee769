"""Sweeps of an exact Hamiltonian over temperature."""

import numpy as np

from spinnet.interactions import ISING
from spinnet.samplers.ising import IsingChains
from spinnet.sweeps import summary


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
