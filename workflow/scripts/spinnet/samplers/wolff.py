"""Wolff single-cluster sampling of the Ising model (exact Hamiltonian).

Source: U. Wolff, Phys. Rev. Lett. 62, 361 (1989).
"""

import numba as nb
import numpy as np

from spinnet.rng import uniform


@nb.njit
def cluster(spins, beta, key, counter):
    """Grow one cluster from a random site of `spins` (L, L) and flip it; returns the next counter."""
    size = len(spins)
    stack = np.empty(size * size, np.int64)
    bond = 1.0 - np.exp(-2.0 * beta)
    seed = np.int64(uniform(key, counter) * size * size)
    counter += 1
    old = spins[seed // size, seed % size]
    spins[seed // size, seed % size] = -old
    stack[0], depth = seed, 1
    while depth > 0:
        depth -= 1
        r, c = stack[depth] // size, stack[depth] % size
        for step in range(4):
            rn, cn = r + (step == 0) - (step == 1), c + (step == 2) - (step == 3)
            rn, cn = (rn + size) % size, (cn + size) % size
            if spins[rn, cn] == old:
                if uniform(key, counter) < bond:
                    spins[rn, cn] = -old
                    stack[depth] = rn * size + cn
                    depth += 1
                counter += 1
    return counter
