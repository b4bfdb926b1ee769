"""Spins as bits: large ensembles take an eighth of the memory and of the disk."""

import numpy as np

ATTRIBUTES = {
    "units": "1",
    "long_name": "spins as bits along a row, 1 is up, first column in the highest bit (numpy.packbits)",
}


def pack(spins):
    """Spins +-1 (..., L, L) as bits (..., L, ceil(L/8)) uint8."""
    return np.packbits(spins > 0, axis=-1)


def unpack(bits, size):
    """Inverse of `pack`: int8 spins (..., L, L) for L = size."""
    return 2 * np.unpackbits(bits, axis=-1, count=size).view(np.int8) - np.int8(1)
