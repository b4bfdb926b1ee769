"""Metropolis sampling of many replicas of the Ising model at once by multispin coding.

A uint64 holds one site of 64 replicas, a bit each (1 is spin up), so that logical operations
attempt 64 flips.  Sources: Jacobs & Rebbi, J. Comput. Phys. 41, 203 (1981); random bits of given
probability: Williams & Kalos, J. Stat. Phys. 37, 283 (1984).

Words of bits with probability p are made from fair words u by repeated r <- (u & r) ^ mask.  A
step maps p to p/2 or to 1 - p/2, so 32 steps reach every multiple of 2^-31: acceptance
probabilities are biased by at most 2^-32 = 2.3e-10.

- The first 20 steps make the dither, once a sweep; the last 12 steps are done at every site.  The
  bit of dither of a replica rounds its 12-bit probability up or down with the right mean.  Words
  of dither are rotated from site to site, so that neighbours of a replica use different bits; two
  decisions that share a bit both depend on it with probability 2^-24 only.
- Of the 12 fair words of a site 3 are random numbers, which decide 7 times out of 8.  The others
  are exclusive ors of them, rotated: all bits that any two replicas use are independent (linearly,
  over the integers mod 2), those of three replicas are so for 98 % of the triples.  So each
  replica is a Metropolis chain, and errors of means, which come from pairs, are right.
"""

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.rng import GAMMA, random_bits, uniform

STEPS = 32
DITHER_STEPS = 20
DRAWS = 3  # random numbers at a site
ROW_ROTATION = 19  # keeps sites with the same rotation 7.6 apart, but for the boundary


def pack(spins):
    """(chains, L, L) int8 of +-1 -> (L, L, words) uint64, words = ceil(chains / 64).

    Chain c is bit c % 64 of word c // 64; bits without a chain start with spin down.  The kernel
    needs at least 16 words for its full speed, and a multiple of 8.
    """
    chains, size, _ = spins.shape
    up = np.zeros((size, size, -(-chains // 64) * 64), bool)
    up[..., :chains] = np.moveaxis(spins > 0, 0, -1)
    return np.packbits(up, axis=-1, bitorder="little").view("<u8").astype(np.uint64)


def unpack(state, chains):
    """(L, L, words) uint64 -> (chains, L, L) int8 of +-1."""
    octets = state.astype("<u8").view(np.uint8)
    up = np.unpackbits(octets, axis=-1, count=chains, bitorder="little").view(np.int8)
    return np.ascontiguousarray(np.moveaxis(2 * up - 1, -1, 0))


def acceptance_masks(beta):
    """Masks (2, STEPS) uint64, first step first, of exp(-4 beta) and exp(-8 beta); beta >= 0.

    They belong to flips with one and with no antiparallel neighbour.
    """
    if beta < 0:
        raise ValueError(f"multispin coding: beta = {beta} is negative; the couplings are ferromagnetic")
    one = 1 << (STEPS - 1)
    masks = np.zeros((2, STEPS), np.uint64)
    for row, energy in zip(masks, (4.0, 8.0), strict=True):
        level = round(np.exp(-energy * beta) * one)
        for step in reversed(range(1, STEPS)):
            upper = 2 * level > one
            row[step] = -int(upper) % 2**64
            level = 2 * (one - level if upper else level)
        row[0] = -int(level == one) % 2**64
    return masks


@nb.njit(inline="always")
def _rotate(word, shift):
    left, right = np.uint64(shift & 63), np.uint64(-shift & 63)
    return (word << left) | (word >> right)


@nb.njit(inline="always")
def site_bits(a, b, c):
    """The 12 fair words of a site, for the first step first, from 3 independent random words.

    Rotations come from a search for independence of replicas (see the tests).
    """
    a1, b1, c1, a2 = _rotate(a, 58), _rotate(b, 43), _rotate(c, 34), _rotate(a, 4)
    b2, c2, a3, b3 = _rotate(b, 54), _rotate(c, 42), _rotate(a, 47), _rotate(b, 5)
    c3, a4, b4 = _rotate(c, 3), _rotate(a, 9), _rotate(b, 60)
    low = a1 ^ b1 ^ c1, b1 ^ c1 ^ a2, c1 ^ a2 ^ b2, a2 ^ b2 ^ c2, b2 ^ c2 ^ a3
    middle = c2 ^ a3 ^ b3, a3 ^ b3 ^ c3, b3 ^ c3 ^ a4, c3 ^ a4 ^ b4
    return low + middle + (c, b, a)


@nb.njit(inline="always")
def _accepted(bits, masks, accept):
    """Word with the acceptance probability of `masks` (12,), from `bits` and a word of dither."""
    for step in range(len(bits)):
        accept = (bits[step] & accept) ^ masks[step]
    return accept


@nb.njit
def _draw_dither(masks, keys, counter, dither):
    """Fill `dither` (2, words); uses DITHER_STEPS numbers of each stream."""
    dither[:] = np.uint64(0)
    for step in range(DITHER_STEPS):
        for w in range(len(keys)):
            bits = random_bits(keys[w], counter + step)
            dither[0, w] = (bits & dither[0, w]) ^ masks[0, step]
            dither[1, w] = (bits & dither[1, w]) ^ masks[1, step]


@nb.njit
def _leave_out(keys, counter, left_out, somewhere):
    """Draw a site for each word into `left_out` (words,); `somewhere` (sites,) is True at all of these."""
    somewhere[:] = False
    for w in range(len(keys)):
        left_out[w] = np.int64(uniform(keys[w], counter) * len(somewhere))
        somewhere[left_out[w]] = True


@nb.njit
def _sweep(state, masks, keys, counter):
    """One sequential sweep of `state` (L, L, words), in place; returns the next counter.

    masks: from `acceptance_masks`; keys (words,) uint64: a stream for each word, so results do not
    depend on how words are grouped.  As in `metropolis.sweep` one random site is left out, the same for all
    replicas of a word, and a replica flips all its spins with probability 1/2 at the end.
    """
    size, _, words = state.shape
    dither, left_out = np.empty((2, words), np.uint64), np.empty(words, np.int64)
    somewhere = np.empty(size**2, np.bool_)
    _draw_dither(masks, keys, counter, dither)
    _leave_out(keys, counter + DITHER_STEPS, left_out, somewhere)
    counter += DITHER_STEPS + 1
    one, none = masks[0, DITHER_STEPS:], masks[1, DITHER_STEPS:]
    # A buffer: the compiler vectorises no loop that reads other sites of `state` than it writes.
    flips = np.empty(words, np.uint64)
    for r in range(size):
        up, down = (r if r > 0 else size) - 1, r + 1 if r + 1 < size else 0
        for c in range(size):
            left, right = (c if c > 0 else size) - 1, c + 1 if c + 1 < size else 0
            rotation = c + ROW_ROTATION * r
            for w in range(words):
                key = keys[w] + np.uint64(counter) * GAMMA
                bits = site_bits(random_bits(key, 0), random_bits(key, 1), random_bits(key, 2))
                spin = state[r, c, w]
                x1, x2 = spin ^ state[up, c, w], spin ^ state[down, c, w]
                x3, x4 = spin ^ state[r, left, w], spin ^ state[r, right, w]
                some = x1 | x2 | x3 | x4
                many = (x1 & x2) | (x3 & x4) | ((x1 | x2) & (x3 | x4))
                warm = _accepted(bits, one, _rotate(dither[0, w], rotation))
                hot = _accepted(bits, none, _rotate(dither[1, w], rotation))
                flips[w] = many | (some & warm) | (hot & ~some)
            if somewhere[r * size + c]:
                flips[left_out == r * size + c] = 0
            for w in range(words):
                state[r, c, w] ^= flips[w]
            counter += DRAWS
    for w in range(words):
        flips[w] = random_bits(keys[w], counter)
    for r in range(size):
        for c in range(size):
            for w in range(words):
                state[r, c, w] ^= flips[w]
    return counter + 1


@kernel
def sweeps(state, masks, keys, counter, number):
    """`number` sweeps of `state` (L, L, words), in place; returns the next counter. See `_sweep`."""
    for _ in range(number):
        counter = _sweep(state, masks, keys, counter)
    return counter


@nb.njit
def _count(bits, planes):
    """Add a bit of each replica, words `bits`, to counters whose binary digits are the rows of `planes`."""
    for p in range(len(planes)):
        for w in range(len(bits)):
            carry = planes[p, w] & bits[w]
            planes[p, w] ^= bits[w]
            bits[w] = carry


@kernel
def _broken_and_up(state, planes):
    """Counters of antiparallel bonds and of up spins: planes (2, digits, words), all zero at the start."""
    size, _, words = state.shape
    bits = np.empty(words, np.uint64)
    for r in range(size):
        for c in range(size):
            for row, column in (((r + 1) % size, c), (r, (c + 1) % size)):
                for w in range(words):
                    bits[w] = state[r, c, w] ^ state[row, column, w]
                _count(bits, planes[0])
            bits[:] = state[r, c]
            _count(bits, planes[1])


def energy_and_magnetization(state, chains):
    """Total energies [J] and magnetizations (chains,) int64 of a packed state (L, L, words)."""
    sites = len(state) ** 2
    planes = np.zeros((2, (2 * sites).bit_length(), state.shape[-1]), np.uint64)
    _broken_and_up(state, planes)
    digits = np.unpackbits(planes.astype("<u8").view(np.uint8), axis=-1, count=chains, bitorder="little")
    broken, up = np.tensordot(2 ** np.arange(digits.shape[1]), digits, (0, 1))
    return 2 * broken - 2 * sites, 2 * up - sites


def record(beta, spins, keys, counters, every, energy, magnetization, kept):
    """Advance each chain by `every` sweeps before each record; spins and counters in place.

    spins (chains, L, L); keys, counters (chains,), of which those of every 64th chain count.
    """
    state, masks, chains = pack(spins), acceptance_masks(beta), len(spins)
    counter = counters[0]
    for n in range(energy.shape[1]):
        counter = sweeps(state, masks, keys[::64].copy(), counter, every)
        energy[:, n], magnetization[:, n] = energy_and_magnetization(state, chains)
        if len(kept):
            kept[:, n] = unpack(state, chains)
    spins[:], counters[:] = unpack(state, chains), counter
