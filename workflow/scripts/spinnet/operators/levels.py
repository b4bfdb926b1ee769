"""Energy levels of the Ising model, which a classifying network tells apart."""

import numpy as np


def levels(size):
    """Energies [J] of the L x L torus, L even and >= 4, increasing: -2N, -2N + 8, -2N + 12, ..., 2N; int64.

    15 for L = 4 and 63 for L = 8 (Mills & Tamblyn, Sec. II): next to the extremes one is missing.
    """
    if size < 4 or size % 2:
        raise ValueError(f"energy levels: L = {size}; allowed are even L >= 4")
    top = 2 * size**2
    inner = np.arange(-top + 8, top - 7, 4)
    return np.concatenate([[-top], inner, [top]])


def level_of(energies, size):
    """Index of each energy [J] among `levels`; ValueError if one is none of them."""
    known = levels(size)
    index = np.searchsorted(known, energies).clip(max=len(known) - 1)
    if (known[index] != energies).any():
        raise ValueError(f"energies: some are no level of L = {size}")
    return index
