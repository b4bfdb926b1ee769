"""Sweeps of an exact Hamiltonian over temperature."""

import numpy as np

from spinnet.checkpoint import NONE
from spinnet.interactions import ISING
from spinnet.samplers.ising import IsingChains
from spinnet.sweeps import summary


def exact_sweep(temperatures, settings, progress, checkpoint=NONE):
    """Sweep of an exact Hamiltonian.

    settings: seed, name, size, sampler, chains_per_start, burn_in, sweeps, and interactions ({term:
    strength [J]}; Ising's if missing).
    """
    interactions, spins = settings.get("interactions", ISING), settings["size"] ** 2

    def series(temperature, part):
        """Energy [J] and |m| per spin, (2, chains, time) each, hot and cold starts."""
        chains = IsingChains(
            settings["sampler"], settings["size"], temperature, 2 * settings["chains_per_start"],
            settings["seed"], "exact sweep", settings["name"], float(temperature), interactions=interactions,
        )  # fmt: skip
        chains.record(settings["burn_in"], 1, checkpoint=part.part("burn-in"))
        energy, magnetization, _ = chains.record(settings["sweeps"], 1, checkpoint=part.part("sweeps"))
        return [np.stack([s[0::2], s[1::2]]) / spins for s in (energy, np.abs(magnetization))]

    found = checkpoint.map(series, temperatures, progress)
    energy, magnetization = (np.array(column) for column in zip(*found, strict=True))
    return summary(temperatures, {"energy": energy, "magnetization": magnetization}, spins)
