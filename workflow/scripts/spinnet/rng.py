"""Named, counter-based random streams.

A stream is named by what it is for, e.g. ``stream_key(seed, "sweep", "spins", T, "hot", 7)``,
and its n-th number depends on the name and on n alone.  Results are therefore the same for
any number of cores, any order of jobs and any grouping of chains, and after a resume.
"""

import hashlib

import numba as nb
import numpy as np

GAMMA = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)


def _digest(seed, names):
    text = "\x1f".join([str(int(seed)), *(repr(n) for n in names)])
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def stream_key(seed, *names):
    """Key (uint64) of the stream that belongs to `seed` and the given purpose names."""
    return np.uint64(int.from_bytes(_digest(seed, names)[:8], "little"))


def generator(seed, *names):
    """NumPy generator (Philox, counter-based) of the named stream, for vectorised draws."""
    return np.random.Generator(np.random.Philox(key=int.from_bytes(_digest(seed, names), "little")))


@nb.njit(inline="always")
def random_bits(key, counter):
    """The `counter`-th 64 random bits of stream `key`: SplitMix64 in counter mode.

    Source: Steele, Lea & Flood, OOPSLA 2014 (finaliser by Vigna).
    """
    z = key + np.uint64(counter) * GAMMA
    z = (z ^ (z >> np.uint64(30))) * _M1
    z = (z ^ (z >> np.uint64(27))) * _M2
    return z ^ (z >> np.uint64(31))


@nb.njit(inline="always")
def uniform(key, counter):
    """The `counter`-th number of stream `key`, uniform in [0, 1), float64 with 53 bits."""
    return (random_bits(key, counter) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
