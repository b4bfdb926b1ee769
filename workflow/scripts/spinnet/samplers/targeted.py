"""Targeted sampling: configurations flat in energy (Mills & Tamblyn, Sec. III).

Single-spin moves, accepted with min(1, exp(-change of (E - E*)^2 / (2 w^2))), pull a chain towards a
target energy E*; the target climbs up and down all energies.  Configurations are recorded at fixed
intervals: recording when an energy is first hit would prefer its boundary.
"""

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.lattice import SQUARE
from spinnet.rng import random_bits
from spinnet.samplers.bonds import neighbours


def acceptance(size, targets, width):
    """Acceptance probabilities (targets, levels, 5) of single flips on the L x L lattice.

    The second index is (E + 2 L^2) / 4 before the flip, the third (change of E + 8) / 4; energies in J.
    """
    top = 2 * size**2
    before = np.arange(-top, top + 1, 4)[:, None]
    after = before + np.arange(-8, 9, 4)
    distance = np.asarray(targets, float)[:, None, None]
    return np.exp(-((after - distance) ** 2 - (before - distance) ** 2).clip(0) / (2 * width**2))


@nb.njit
def sweep(spins, energy, accept, table, key, counter):
    """L^2 moves at random sites of `spins` (L^2,), in place; returns the new energy [J] and counter.

    accept: one target's row of `acceptance`; table: `bonds.neighbours`.  With a fixed target the stationary
    weight of a configuration is exp(-(E - target)^2 / (2 width^2)).
    """
    sites = len(spins)
    for _ in range(sites):
        bits = random_bits(key, counter)
        counter += 1
        site = np.int64(((bits >> np.uint64(32)) * np.uint64(sites)) >> np.uint64(32))
        field = np.int64(0)
        for direction in range(len(table)):
            field += spins[table[direction, site]]
        half = np.int64(spins[site]) * field // 2
        if (bits & np.uint64(0xFFFFFFFF)) * 2.0**-32 < accept[(energy + 2 * sites) >> 2, half + 2]:
            spins[site] = -spins[site]
            energy += 4 * half
    return energy, counter


@nb.njit
def symmetric_copy(spins, bits, copy):
    """Write a random image of `spins` under the lattice's symmetries and the spin flip into `copy`.

    bits: uint64 of random bits; they choose one of 8 rotations and reflections, a translation and a sign.
    """
    size = len(spins)
    sign = np.int8(1 - 2 * np.int64(bits & np.uint64(1)))
    transpose = bits & np.uint64(2) != 0
    mirror_r, mirror_c = bits & np.uint64(4) != 0, bits & np.uint64(8) != 0
    shift_r = np.int64((bits >> np.uint64(8)) & np.uint64(0xFFFFFF)) % size
    shift_c = np.int64((bits >> np.uint64(32)) & np.uint64(0xFFFFFF)) % size
    for r in range(size):
        for c in range(size):
            i, j = (c, r) if transpose else (r, c)
            i = size - 1 - i if mirror_r else i
            j = size - 1 - j if mirror_c else j
            copy[r, c] = sign * spins[(i + shift_r) % size, (j + shift_c) % size]


@kernel
def climb(spins, energies, accept, steps, interval, keys, counters, kept, kept_energy):
    """Advance each chain through the targets, up and down, recording every `interval` sweeps.

    accept: from `acceptance`.  spins (chains, L, L) int8, energies (chains,) int64 [J], steps (chains,)
    int64 (place on the ladder) and counters (chains,) int64 change in place.  kept (chains, n, L, L)
    int8 and kept_energy (chains, n) int64 [J] take the records.
    """
    targets = len(accept)
    table = neighbours(spins.shape[1], SQUARE)
    for chain in range(len(spins)):
        energy, counter, key = energies[chain], counters[chain], keys[chain]
        flat = spins[chain].reshape(-1)
        for n in range(kept.shape[1]):
            step = (steps[chain] + n) % (2 * targets)
            target = step if step < targets else 2 * targets - 1 - step
            for _ in range(interval):
                energy, counter = sweep(flat, energy, accept[target], table, key, counter)
            symmetric_copy(spins[chain], random_bits(key, counter), kept[chain, n])
            kept_energy[chain, n] = energy
            counter += 1
        steps[chain] = (steps[chain] + kept.shape[1]) % (2 * targets)
        energies[chain], counters[chain] = energy, counter
