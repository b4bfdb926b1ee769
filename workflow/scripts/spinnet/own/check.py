"""Whether an array is a set of configurations, and of which alphabet."""

import math

import numpy as np

from spinnet.errors import UserError
from spinnet.sentences import short

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


def form(shape, dtype, name):
    """Raise UserError if an array of this shape and type holds no configurations; the values need not be there."""
    if dtype.kind not in "biuf" or dtype.itemsize > 8:
        allowed = "integers, floats of up to 64 bits and booleans"
        raise UserError(f"{name}: found values of type {short(dtype)}; allowed are {allowed}")
    allowed = "allowed are (configurations, L, L) and (configurations, L*L), L >= 2"
    if shape is None or len(shape) not in (2, 3) or min(shape) < 0:
        dimensions = 0 if shape is None else len(shape)
        raise UserError(f"{name}: found {dimensions} dimensions, {short(shape)}; {allowed}")
    size = shape[1] if len(shape) == 3 else math.isqrt(shape[1])
    if size < 2 or math.prod(shape[1:]) != size**2:
        raise UserError(f"{name}: found the shape {short(shape)}, which is not square; {allowed}")
    if shape[0] < FEWEST:
        raise UserError(
            f"{name}: found {shape[0]} configurations; needed are {FEWEST}, as a tenth of them is held out to "
            "measure the likelihood with an error"
        )


def _lattices(array, name):
    """The array as (n, L, L); booleans as the numbers that they are in the file, where 2 is neither."""
    form(array.shape, array.dtype, name)
    array = array.view(np.uint8) if array.dtype.kind == "b" else array
    return array.reshape(len(array), math.isqrt(array[0].size), -1)


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
    distances = [value - found[0].item() for value in found.tolist()]  # of Python, whose integers are exact
    if not all(math.isfinite(d) and abs(d - round(d)) < 1e-6 for d in distances) or len({*map(round, distances)}) < len(
        found
    ):
        listed = ", ".join(f"{v:g}" for v in found)
        raise UserError(f"{name}: found the values {listed}; more than two values must have integer distances")
    divisor = math.gcd(*map(round, distances))
    steps = [round(d) // divisor for d in distances]
    if steps[-1] > np.iinfo(np.int8).max:
        raise UserError(f"{name}: found values from {found[0]:g} to {found[-1]:g}; allowed are up to 127 steps")
    return np.array([2 * step - steps[-1] for step in steps], np.int8)
