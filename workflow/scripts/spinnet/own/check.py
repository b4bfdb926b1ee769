"""Whether an array is a set of configurations, and of which alphabet."""

import math

import numpy as np

from spinnet.errors import UserError

FEWEST = 200  # a tenth of them tests; fewer than 20 give a held-out likelihood without a usable error
MOST_VALUES = 16
CHUNK = 2**24  # values looked at together


def configurations(array, name):
    """Categories (n, L, L), int8, their alphabet (q,), int8, and the values in the file (q,).

    The alphabet is centred: equally spaced values become -(q-1), ..., q-1 in steps of 2, so two values become
    -1 and +1.  Raises UserError with what was found and what is allowed.
    """
    array = _lattices(array, name)
    found = _values(array, name)
    alphabet = _alphabet(found, name)
    coded = np.concatenate([alphabet[np.searchsorted(found, part)] for part in _chunks(array)])
    if (coded == coded[0]).all():
        raise UserError(f"{name}: all {len(coded)} configurations are equal; learning needs variation")
    return coded, alphabet, found.astype(float)


def _lattices(array, name):
    """The array as (n, L, L)."""
    if array.dtype.kind not in "biuf":
        raise UserError(f"{name}: found values of type {array.dtype}; allowed are integers, floats and booleans")
    allowed = "allowed are (configurations, L, L) and (configurations, L*L), L >= 2"
    if array.ndim not in (2, 3):
        raise UserError(f"{name}: found {array.ndim} dimensions, {array.shape}; {allowed}")
    size = array.shape[1] if array.ndim == 3 else math.isqrt(array.shape[1])
    if size < 2 or math.prod(array.shape[1:]) != size**2:
        raise UserError(f"{name}: found the shape {array.shape}, which is not square; {allowed}")
    if len(array) < FEWEST:
        raise UserError(
            f"{name}: found {len(array)} configurations; needed are {FEWEST}, as a tenth of them is held out to "
            "measure the likelihood with an error"
        )
    return array.reshape(len(array), size, size)


def _chunks(array):
    """Parts of an array of `CHUNK` values, to save memory."""
    rows = max(1, CHUNK // array[0].size)
    return (array[start : start + rows] for start in range(0, len(array), rows))


def _values(array, name):
    """Sorted different values of an array."""
    found = np.empty(0, array.dtype)
    for part in _chunks(array):
        if array.dtype.kind == "f" and not np.isfinite(part).all():
            raise UserError(f"{name}: found NaN or infinite values; allowed are finite ones")
        found = np.union1d(found, part)
        if len(found) > MOST_VALUES:
            raise UserError(
                f"{name}: found more than {MOST_VALUES} different values between {found[0]} and {found[-1]}, which "
                f"looks continuous; allowed are 2 to {MOST_VALUES}"
            )
    if len(found) == 1:
        raise UserError(f"{name}: found the value {found[0]} everywhere; allowed are 2 to {MOST_VALUES} values")
    return found


def _alphabet(found, name):
    """Centred alphabet (q,), int8, of sorted values."""
    if len(found) == 2:
        return np.array([-1, 1], np.int8)
    distances = np.asarray(found, float) - float(found[0])
    steps = np.round(distances).astype(np.int64)
    if np.abs(distances - steps).max() > 1e-6:
        listed = ", ".join(f"{v:g}" for v in found)
        raise UserError(f"{name}: found the values {listed}; more than two values must have integer distances")
    steps //= math.gcd(*(int(s) for s in steps))
    if steps[-1] > np.iinfo(np.int8).max:
        raise UserError(f"{name}: found values from {found[0]:g} to {found[-1]:g}; allowed are up to 127 steps")
    return (2 * steps - steps[-1]).astype(np.int8)
