"""Data sets of states and their energies, for every interaction of the study."""

import numpy as np

from spinnet.lattice import ising_energy
from spinnet.operators import targeted
from spinnet.operators.examples import dataset
from spinnet.operators.interactions import (
    coupling_matrix,
    couplings,
    disordered_energy,
    energy,
    potts_energy,
    random_bonds,
)
from spinnet.operators.split import in_test
from spinnet.rng import generator

BATCH = 2**15  # states drawn at a time


def energies(states, settings):
    """Energies (samples,) float64 [J] of states (samples, L, L) under settings["interaction"].

    "ising", "coulomb" and "sinusoidal" (with k and cutoff), "potts" (states are angles [rad]) or
    "disordered" (bonds +-1, fixed by the seed).
    """
    kind, size = settings["interaction"], states.shape[1]
    if kind == "ising":
        return ising_energy(states).astype(float)
    if kind == "potts":
        return potts_energy(states)
    if kind == "disordered":
        return disordered_energy(states, random_bonds(size, settings["seed"])).astype(float)
    return energy(states, coupling_matrix(couplings(size, kind, settings["k"], settings["cutoff"])))


def make(settings):
    """The data set that settings describe.

    settings: seed, name, sampling ("targeted" or "random"), interaction, k [1/lattice unit], cutoff
    [lattice units], size, train, test, test_fraction, and those of `targeted.sample`.
    """
    if settings["sampling"] == "targeted":
        states, values, parts = targeted.sample(settings)
    else:
        states, parts = _random(settings)
        values = energies(states, settings)
    return dataset(states, values, parts, settings["sampling"])


def _draw(random, number, settings):
    shape = number, settings["size"], settings["size"]
    if settings["interaction"] == "potts":
        return (np.pi * random.random(shape)).astype(np.float32)
    return 1 - 2 * random.integers(0, 2, shape, np.int8)


def _random(settings):
    """Independent random states and their parts; within a part states may repeat, between parts never."""
    random = generator(settings["seed"], "operator data", settings["name"])
    if not settings["test"]:
        return _draw(random, settings["train"], settings), np.full(settings["train"], "train")
    found = {"train": [], "test": []}
    while any(sum(map(len, found[part])) < settings[part] for part in found):
        states = _draw(random, BATCH, settings)
        test = in_test(states, settings["test_fraction"])
        for part, rows in (("train", ~test), ("test", test)):
            found[part].append(states[rows])
    kept = {part: np.concatenate(pieces)[: settings[part]] for part, pieces in found.items()}
    return np.concatenate(list(kept.values())), np.repeat(list(kept), [len(s) for s in kept.values()])
