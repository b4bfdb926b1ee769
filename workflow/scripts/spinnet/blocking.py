"""From spins to what a network sees: raw spins, 2x2 block sums, majority blocks."""

import numpy as np

from spinnet.lattice import block_sums, majority

ALPHABETS = {
    "raw": (-1, 1),
    "block_sum_stride1": (-4, -2, 0, 2, 4),
    "block_sum_stride2": (-4, -2, 0, 2, 4),
    "majority": (-1, 1),
}


def transform(name, spins, random=None):
    """Apply a transform of `ALPHABETS` to spins (..., L, L); `random` (Generator) serves ties of majority."""
    if name == "raw":
        return spins
    if name == "majority":
        return majority(spins, random)
    return block_sums(spins, 1 if name == "block_sum_stride1" else 2)


def magnetization_per_spin(values, alphabet):
    """|mean value| / largest value over the last axis: |m| for spins, |mean S|/4 for block sums."""
    return np.abs(values.mean(axis=-1, dtype=float)) / max(alphabet)
