"""Wolff single-cluster sampling of the Ising model (exact Hamiltonian).

Source: U. Wolff, Phys. Rev. Lett. 62, 361 (1989).
"""

import numba as nb
import numpy as np

from spinnet.rng import random_bits

BLOCK = 64  # sites whose bonds are drawn together, in a vectorised loop
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@nb.njit
def cluster(spins, beta, key, counter, offsets, table):
    """Grow one cluster from a random site of `spins` (L, L) and flip it.

    Returns the next counter and the sites of the cluster (uint32).  `table` is that of bonds.neighbours(L,
    offsets); the tuple `offsets` itself makes the number of directions known to the compiler.  The
    loop over bonds has no branches: each neighbour is written to the end of the queue, which moves on
    only if it joins.  A bond is open if 32 random bits are below a threshold; a site takes one number
    of the stream for each offset.
    """
    draws = len(offsets)
    flat = spins.reshape(-1)
    queue = np.empty(flat.size + 1, np.uint32)  # one more for a last neighbour that does not join
    bonds = np.empty((2 * draws, BLOCK), np.int8)  # -2, the bits in which 1 and -1 differ, if open, else 0
    threshold = np.uint64(-np.expm1(-2.0 * beta) * 2.0**32)
    seed = ((random_bits(key, counter) >> _HALF) * np.uint64(flat.size)) >> _HALF
    counter += 1
    flat[seed] = new = -flat[seed]
    queue[0] = seed
    head, tail = np.uint64(0), np.uint64(1)  # unsigned: no test for negative indices
    while head < tail:
        n = head % np.uint64(BLOCK)
        if n == 0:
            for k in range(draws):
                for i in range(BLOCK):
                    bits = random_bits(key, counter + draws * (np.int64(head) + i) + k)
                    bonds[k, i] = -2 if bits >> _HALF < threshold else 0
                    bonds[k + draws, i] = -2 if bits & _LOW < threshold else 0
        site = queue[head]
        head += np.uint64(1)
        for k in range(2 * draws):
            other = table[k, site]
            flip = (flat[other] ^ new) & bonds[k, n]
            flat[other] ^= flip
            queue[tail] = other
            tail += np.uint64(flip != 0)
    return counter + draws * np.int64(head), queue[:tail]
