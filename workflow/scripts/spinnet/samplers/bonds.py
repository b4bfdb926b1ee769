"""Energy of one configuration and neighbours of its sites, in compiled code; `lattice` itself needs no numba."""

import numba as nb
import numpy as np

from spinnet.lattice import SQUARE


@nb.njit
def energy_and_magnetization(spins, offsets=SQUARE):
    """Total Ising energy [J] and total magnetization of one configuration (L, L), in compiled code.

    offsets: an entry of `BONDS`.
    """
    size = len(spins)
    bonds, total = 0, 0
    for r in range(size):
        for c in range(size):
            s = np.int64(spins[r, c])
            for i in range(len(offsets)):
                bonds += s * spins[r - offsets[i][0], c - offsets[i][1]]
            total += s
    return -bonds, total


@nb.njit
def copy(spins, target):
    """Write one configuration (L, L) into another: with `target[:] = spins` Numba compiles texts of errors for 2 s."""
    for r in range(len(spins)):
        for c in range(len(spins)):
            target[r, c] = spins[r, c]


@nb.njit
def neighbours(size, offsets):
    """Neighbours (direction, site) of each site for the bonds `offsets`; a site is row * size + column."""
    table = np.empty((2 * len(offsets), size * size), np.uint32)
    for r in range(size):
        for c in range(size):
            for i in range(len(offsets)):
                dr, dc = offsets[i]
                table[2 * i, r * size + c] = (r + dr) % size * size + (c + dc) % size
                table[2 * i + 1, r * size + c] = (r - dr) % size * size + (c - dc) % size
    return table
