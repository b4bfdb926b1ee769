"""Periodic square lattice: energy, magnetization, and the blockings of the papers.

Spins are +-1 (int8) with shape (..., L, L).  H = -J sum over nearest-neighbour bonds, J = 1.
"""

import numba as nb
import numpy as np


def ising_energy(spins):
    """Ising energy (..., ) in units of J of configurations (..., L, L); integers."""
    spins = np.asarray(spins, np.int8)
    bonds = spins * (np.roll(spins, 1, -1) + np.roll(spins, 1, -2))
    return -bonds.sum(axis=(-2, -1), dtype=np.int64)


def block_sums(spins, stride):
    """Sums of 2x2 windows without wrap-around, values in {0, +-2, +-4}, int8.

    Shape (..., M, M) with M = L-1 for stride 1 and L/2 for stride 2 (Wang & Jiang, text before
    Fig. 4).
    """
    s = np.asarray(spins, np.int8)
    windows = s[..., :-1, :-1] + s[..., 1:, :-1] + s[..., :-1, 1:] + s[..., 1:, 1:]
    return windows[..., ::stride, ::stride]


def majority(spins, random):
    """Majority rule with scale factor b = 2: spins (..., L/2, L/2); ties +-1 at random.

    random: numpy Generator for the ties (Bachtis, Aarts & Lucini, Fig. 7).
    """
    sums = block_sums(spins, 2)
    ties = 1 - 2 * random.integers(0, 2, sums.shape, np.int8)
    return np.where(sums == 0, ties, np.sign(sums)).astype(np.int8)


@nb.njit
def energy_and_magnetization(spins):
    """Total Ising energy [J] and total magnetization of one configuration (L, L), in compiled code."""
    size = len(spins)
    bonds, total = 0, 0
    for r in range(size):
        for c in range(size):
            s = np.int64(spins[r, c])
            bonds += s * (spins[r - 1, c] + spins[r, c - 1])
            total += s
    return -bonds, total
