"""Periodic square and triangular lattices: energy, magnetization, and the blockings of the papers.

Spins are +-1 (int8) with shape (..., L, L).  H = -J sum over nearest-neighbour bonds, J = 1.  The
triangular lattice is the square one with one diagonal of each square as a further bond.
"""

import numpy as np

# Half the bonds of a site, as offsets (row, column); the other half are their negatives.
BONDS = {"square": ((0, 1), (1, 0)), "triangular": ((0, 1), (1, 0), (1, 1))}
SQUARE = BONDS["square"]

# Exact critical couplings J/(k_B T): L. Onsager, Phys. Rev. 65, 117 (1944); R. M. F. Houtappel,
# Physica 16, 425 (1950).
BETA_CRITICAL = {"square": np.log1p(np.sqrt(2.0)) / 2.0, "triangular": np.log(3.0) / 4.0}


def ising_energy(spins, lattice="square"):
    """Ising energy (..., ) in units of J of configurations (..., L, L) on a lattice of `BONDS`; integers."""
    spins = np.asarray(spins, np.int8)
    bonds = spins * sum(np.roll(spins, offset, (-2, -1)) for offset in BONDS[lattice])
    return -bonds.sum(axis=(-2, -1), dtype=np.int64)


def block_sums(spins, stride):
    """Sums of 2x2 windows without wrap-around, values in {0, +-2, +-4}, int8.

    Shape (..., M, M) with M = L-1 for stride 1 and L/2 for stride 2 (Wang & Jiang, text before
    Fig. 4).
    """
    s = np.asarray(spins, np.int8)
    pairs = s[..., :-1:stride, :] + s[..., 1::stride, :]
    return pairs[..., :-1:stride] + pairs[..., 1::stride]


def majority(spins, random):
    """Majority rule with scale factor b = 2: spins (..., L/2, L/2); ties +-1 at random.

    random: numpy Generator for the ties (Bachtis, Aarts & Lucini, Fig. 7).
    """
    sums = block_sums(spins, 2)
    ties = 1 - 2 * random.integers(0, 2, sums.shape, np.int8)
    return np.where(sums == 0, ties, np.sign(sums)).astype(np.int8)
