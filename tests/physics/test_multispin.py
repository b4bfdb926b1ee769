"""Multispin coding: independence of its replicas, its random words, its counters.

That its chains follow the Boltzmann distribution is tested with the other samplers.
"""

from itertools import pairwise
from time import perf_counter

import numpy as np
import pytest
from chi_square import FALSE_ALARM
from scipy.stats import chi2

from spinnet.exact import T_CRITICAL
from spinnet.lattice import ising_energy
from spinnet.rng import generator, stream_key
from spinnet.samplers import metropolis, multispin


class Replicas:
    """64 replicas a word at one temperature, from a hot start."""

    def __init__(self, size, temperature, words, seed):
        random = generator(seed, "test", "start")
        self.state = random.integers(0, 2**64, (size, size, words), np.uint64)
        self.keys = np.array([stream_key(seed, "test", "word", w) for w in range(words)])
        self.masks = multispin.acceptance_masks(1.0 / temperature)
        self.counter = 0

    def advance(self, sweeps):
        self.counter = multispin.sweeps(self.state, self.masks, self.keys, self.counter, sweeps)

    def record(self, records, every):
        """Spins (replicas, L, L) after each `every` sweeps."""
        for _ in range(records):
            self.advance(every)
            yield multispin.unpack(self.state, 64 * len(self.keys))


def test_replicas_of_a_word_are_independent():
    """Energies of all pairs of the 64 replicas: sum of squares and largest correlation."""
    replicas = Replicas(8, 2.5, 64, 7)
    replicas.advance(500)
    energy = np.array([ising_energy(s).reshape(64, 64) for s in replicas.record(400, 60)]).reshape(-1, 64)
    z = np.corrcoef(energy.T)[np.triu_indices(64, 1)] * np.sqrt(len(energy))
    assert chi2.sf((z**2).sum(), len(z)) > FALSE_ALARM
    assert chi2.sf((z**2).max(), 1) * len(z) > FALSE_ALARM
    common = energy.mean(axis=1).var() * 64 / energy.var()  # 1 if errors of means over replicas are right
    assert abs(common - 1) < 4.5 * np.sqrt(2 / len(energy))


def rank_modulo_2(rows):
    basis = {}
    for row in rows:
        while row and row.bit_length() in basis:
            row ^= basis[row.bit_length()]
        if row:
            basis[row.bit_length()] = row
    return len(basis)


def test_random_bits_of_a_site_are_independent_for_all_pairs_of_replicas():
    """Each of the 12 bits is a sum modulo 2 of some of 192 random bits; all 24 are independent."""
    forms = [[0] * 12 for _ in range(64)]  # bit n of a form: random bit n takes part
    for n in range(192):
        drawn = [np.uint64(1 << n % 64 if n // 64 == k else 0) for k in range(3)]
        for k, word in enumerate(multispin.site_bits(*drawn)):
            for replica in range(64):
                forms[replica][k] |= (int(word) >> replica & 1) << n
    assert all(rank_modulo_2([*forms[a], *forms[b]]) == 24 for a in range(64) for b in range(a))


@pytest.mark.parametrize("beta", [0.0, 0.2, 1 / T_CRITICAL, 1.0, 20.0])
def test_masks_have_the_acceptance_probabilities(beta):
    for masks, energy in zip(multispin.acceptance_masks(beta), (4, 8), strict=True):
        p = 0.0
        for mask in masks:
            p = 1 - p / 2 if mask else p / 2
        assert abs(p - np.exp(-energy * beta)) <= 2.0**-32


def test_energy_and_magnetization_are_counted():
    spins = 1 - 2 * generator(1, "test").integers(0, 2, (100, 6, 6), np.int8)
    spins[0] = 1
    energy, magnetization = multispin.energy_and_magnetization(multispin.pack(spins), 100)
    assert np.array_equal(energy, ising_energy(spins))
    assert np.array_equal(magnetization, spins.sum(axis=(1, 2)))


def test_pack_and_unpack():
    spins = 1 - 2 * generator(1, "test").integers(0, 2, (100, 5, 5), np.int8)
    state = multispin.pack(spins)
    assert state.shape == (5, 5, 2)
    assert state.dtype == np.uint64
    assert np.array_equal(multispin.unpack(state, 100), spins)
    assert int(state[2, 3, 1]) >> 6 & 1 == (spins[70, 2, 3] + 1) // 2


def test_a_word_depends_on_its_own_stream_only():
    """Word 7 among 19 and alone are the same, bit for bit; so are the counters."""
    many, alone = Replicas(6, 2.3, 19, 3), Replicas(6, 2.3, 19, 3)
    alone.state, alone.keys = np.ascontiguousarray(alone.state[..., 7:8]), alone.keys[7:8]
    many.advance(20)
    alone.advance(20)
    assert np.array_equal(many.state[..., 7], alone.state[..., 0])
    assert many.counter == alone.counter


def attempts_per_second(sweep, attempts):
    """The best of 7 trials; the first call compiles."""
    sweep()
    times = [perf_counter()]
    for _ in range(7):
        sweep()
        times.append(perf_counter())
    return attempts / min(b - a for a, b in pairwise(times))


def test_kernel_is_vectorised():
    """Against the plain kernel, and against 3 words, which are too few for vectors (1.0 if never vectorised)."""
    spins = np.ones((32, 32), np.int8)
    plain = attempts_per_second(
        lambda: [metropolis.sweep(spins, 0.4, np.uint64(1), n * 1025) for n in range(40)], 40 * 1024
    )
    few, many = (Replicas(32, 2.5, words, 1) for words in (3, 64))
    scalar = attempts_per_second(lambda: few.advance(100), 100 * 1024 * 64 * 3)
    vector = attempts_per_second(lambda: many.advance(20), 20 * 1024 * 64 * 64)
    assert vector > 20 * plain
    assert vector > 1.4 * scalar
