"""Single-spin Metropolis sampling of the Ising model (exact Hamiltonian)."""

import numba as nb
import numpy as np

from spinnet.rng import uniform


@nb.njit
def sweep(spins, beta, key, counter):
    """One sequential sweep over all sites of `spins` (L, L) but one, in place; returns the next counter.

    Each step obeys detailed balance, so the sweep keeps the Boltzmann distribution stationary.  One
    site, drawn at random, is left out: the full sweep maps states in which every flip is certain to
    their negatives for ever (64 of the 65 536 on 4x4) and is not ergodic.  The sweep ends with a
    flip of all spins with probability 1/2, which costs no energy: without it the sign of the
    magnetization would decorrelate far slower than everything else.
    """
    size = len(spins)
    accept = np.exp(-beta * 4.0 * np.arange(3))  # for energy differences 0, 4, 8
    left_out = counter + 1 + np.int64(uniform(key, counter) * size * size)
    for r in range(size):
        down = r + 1 if r + 1 < size else 0
        for c in range(size):
            counter += 1
            right = c + 1 if c + 1 < size else 0
            field = spins[r - 1, c] + spins[down, c] + spins[r, c - 1] + spins[r, right]
            half = (spins[r, c] * field) // 2
            if (half <= 0 or uniform(key, counter) < accept[half]) and counter != left_out:
                spins[r, c] = -spins[r, c]
    counter += 1
    if uniform(key, counter) < 0.5:
        for r in range(size):
            for c in range(size):
                spins[r, c] = -spins[r, c]
    return counter + 1
