"""Metropolis chains of any interactions within a plaquette of 2x2 spins, by tables."""

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.exact import all_configurations
from spinnet.interactions import PLAQUETTE_TERMS, energy
from spinnet.rng import uniform
from spinnet.samplers.bonds import copy


def flip_energies(interactions):
    """(512,) changes of energy [J] when the centre of a 3x3 neighbourhood flips.

    Entry n belongs to the spins of bits n, columns or rows first alike.  The energies are those of a 3x3 torus: it
    has further clusters, but none that holds the centre, so they cancel.  ValueError for terms that reach further.
    """
    far = set(interactions) - set(PLAQUETTE_TERMS)
    if far:
        raise ValueError(f"interactions {sorted(far)} reach beyond a plaquette; allowed are {PLAQUETTE_TERMS}")
    energies = energy(all_configurations(3), interactions)
    return energies[np.arange(512) ^ 16] - energies


def plaquette_energies(interactions):
    """(16,) energies [J] of a plaquette by its spins' bits; summed over all plaquettes they are the total energy.

    A 2x2 torus consists of four plaquettes of the same spins, and shares bonds and sites evenly among them.
    """
    return energy(all_configurations(2), interactions) / 4


@nb.njit
def sweep(spins, accept, even, key, counter):
    """One sequential sweep over all sites of `spins` (L, L) but one, in place; returns the next counter.

    accept: (512,) exp(-change of energy / T).  Every step obeys detailed balance with respect to the Boltzmann
    distribution, so each keeps it stationary, and so does any sequence of them, although the sweep as a whole is
    not reversible.  One site, drawn at random, is left out, for the reason given in `metropolis.sweep`; with even
    interactions the sweep ends as there with a flip of all spins with probability 1/2.
    """
    size = len(spins)
    left_out = counter + 1 + np.int64(uniform(key, counter) * size * size)
    for r in range(size):
        up, down = r - 1, r + 1 if r + 1 < size else 0
        left, here = _column(spins, up, r, down, size - 1), _column(spins, up, r, down, 0)
        for c in range(size):
            counter += 1
            right = _column(spins, up, r, down, c + 1 if c + 1 < size else 0)
            probability = accept[left | here << 3 | right << 6]
            if (probability >= 1.0 or uniform(key, counter) < probability) and counter != left_out:
                spins[r, c] = -spins[r, c]
                here ^= 2
            left, here = here, right
    counter += 1
    if even and uniform(key, counter) < 0.5:
        for r in range(size):
            for c in range(size):
                spins[r, c] = -spins[r, c]
    return counter + 1


@nb.njit(inline="always")
def _column(spins, up, r, down, c):
    """Bits of three spins of a column, the upper one lowest."""
    return (spins[up, c] > 0) | (spins[r, c] > 0) << 1 | (spins[down, c] > 0) << 2


@nb.njit
def energy_and_magnetization(spins, energies):
    """Total energy [J] and magnetization of one configuration (L, L); energies: from `plaquette_energies`."""
    size = len(spins)
    counts = np.zeros(16, np.int64)
    total = 0
    for r in range(size):
        for c in range(size):
            pair = (spins[r - 1, c - 1] > 0) | (spins[r - 1, c] > 0) << 1
            counts[pair | (spins[r, c - 1] > 0) << 2 | (spins[r, c] > 0) << 3] += 1
            total += spins[r, c]
    return (counts * energies).sum(), total


@kernel
def record(accept, energies, even, spins, keys, counters, every, energy, magnetization, kept):
    """Advance each chain by `every` sweeps before each record; spins and counters in place.

    accept, even: as in `sweep`.  energies: from `plaquette_energies`.  spins (chains, L, L) int8; energy [J] and
    magnetization (chains, records) and kept (chains, records, L, L), or of length 0, take the records.
    """
    for chain in range(len(spins)):
        counter = counters[chain]
        for n in range(energy.shape[1]):
            for _ in range(every):
                counter = sweep(spins[chain], accept, even, keys[chain], counter)
            energy[chain, n], magnetization[chain, n] = energy_and_magnetization(spins[chain], energies)
            if len(kept) > 0:
                copy(spins[chain], kept[chain, n])
        counters[chain] = counter
