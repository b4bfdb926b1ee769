"""Training and test parts by the SHA3-512 digest of a state (Mills & Tamblyn, appendix and Fig. 15).

A state is always in the same part, however often and wherever it was drawn.
"""

import hashlib
import math

import numpy as np
import xarray as xr
from scipy.stats import chisquare

from spinnet.errors import UserError

BINS = 4096  # values of the 12 leading bits


def _bytes(states):
    """Row-major bytes (samples, n) uint8 of states (samples, L, L); see `leading_bits`."""
    states = np.asarray(states)
    values = states == 1 if states.dtype.kind == "i" else states.astype("<f4")
    return np.ascontiguousarray(values.reshape(len(states), math.prod(states.shape[1:]))).view(np.uint8)


def leading_bits(states):
    """The 12 most significant bits (samples,) uint16 of the SHA3-512 digest of each state (samples, L, L).

    Digested are the row-major bytes: 0 and 1 for spins -1 and +1 (int8), float32 for Potts angles [rad].
    """
    digests = b"".join(hashlib.sha3_512(row).digest()[:2] for row in _bytes(states))
    return np.frombuffer(digests, ">u2").astype(np.uint16) >> 4


def in_test(states, fraction):
    """Whether each state (samples, L, L) is in the test part: (samples,) bool.

    The highest `fraction` of the 4096 bins is the test part: with the lowest third, both ground
    states of the 8x8 Ising model would leave the training part.  Raises UserError if a part is empty.
    """
    bins = round(fraction * BINS)
    if not 0 < bins < BINS:
        raise UserError(
            f"test fraction: {fraction} rounds to {bins} of {BINS} bins of the hash; "
            f"allowed is 1/{BINS} to {BINS - 1}/{BINS}"
        )
    return leading_bits(states) >= BINS - bins


def parts(states, fraction):
    """Name of the part (samples,), "train" or "test", of each state; see `in_test`."""
    return np.where(in_test(states, fraction), "test", "train")


def histogram(states, part):
    """Distinct states by their 12 leading bits (Fig. 15) and chi-square test against the uniform law.

    states: (samples, L, L); part: (samples,) "train" or "test".  Returns count (bin), chi_square,
    p_value, and common, the number of states that are in both parts.
    """
    rows = _bytes(states)
    keys = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, state = np.unique(keys, return_index=True, return_inverse=True)
    count = np.bincount(leading_bits(np.asarray(states)[first]), minlength=BINS)
    test = chisquare(count)
    train, tested = (np.unique(state[np.asarray(part) == name]) for name in ("train", "test"))
    return xr.Dataset(
        {
            "count": ("bin", count, {"long_name": "distinct states by the 12 leading bits of SHA3-512"}),
            "chi_square": ((), test.statistic, {"units": "1"}),
            "p_value": ((), test.pvalue, {"units": "1"}),
            "common": len(np.intersect1d(train, tested, assume_unique=True)),
        }
    )
