"""Random streams: uniform, named, independent of each other."""

import numpy as np
from scipy.stats import chisquare, kstest

from spinnet.rng import generator, random_bits, stream_key, uniform


def test_published_sequence_of_splitmix64():
    """First outputs of SplitMix64 seeded with 1234567 (reference implementation of S. Vigna)."""
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [int(random_bits(np.uint64(1234567), n)) for n in (1, 2, 3)] == expected


def test_uniform_numbers():
    key = stream_key(1, "test")
    x = np.array([uniform(key, n) for n in range(20_000)])
    assert 0 <= x.min() < x.max() < 1
    assert kstest(x, "uniform").pvalue > 1e-5
    pairs = np.histogram2d(x[:-1], x[1:], bins=8, range=[[0, 1]] * 2)[0]
    assert chisquare(pairs.ravel()).pvalue > 1e-5


def test_streams_differ_by_every_part_of_their_name():
    names = [(1, "a", 2), (2, "a", 2), (1, "b", 2), (1, "a", 3), (1, "a", 2.0), (1, "a2"), (1, "a", "2")]
    assert len({int(stream_key(*n)) for n in names}) == len(names)
    assert generator(1, "a").random() == generator(1, "a").random()
    assert generator(1, "a").random() != generator(1, "b").random()
