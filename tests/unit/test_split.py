"""Training and test parts by the hash of a state."""

import hashlib

import numpy as np
import pytest
from scipy.stats import binom

from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.operators.split import BINS, histogram, in_test, leading_bits

FALSE_ALARM = 1e-5
UP = np.ones((8, 8), np.int8)
CHECKERBOARD = (2 * (np.indices((8, 8)).sum(0) % 2) - 1).astype(np.int8)
STATES = all_configurations(4)


def random_states(number, seed=3):
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (number, 8, 8))


def test_known_digests_of_the_extreme_states():
    states = np.array([UP, -UP, CHECKERBOARD, -CHECKERBOARD])
    assert list(leading_bits(states)) == [728, 579, 1845, 4032]
    assert leading_bits(states).dtype == np.uint16
    assert hashlib.sha3_512(bytes(64 * [1])).hexdigest()[:3] == f"{728:03x}"


def test_a_third_for_testing_leaves_both_ground_states_and_one_antiferromagnet_for_training():
    assert list(in_test(np.array([UP, -UP, CHECKERBOARD, -CHECKERBOARD]), 1 / 3)) == [False, False, False, True]


def test_layout_in_memory_does_not_matter():
    states = random_states(20)
    strided = np.asfortranarray(np.repeat(states, 2, axis=0))[::2]
    assert np.array_equal(leading_bits(strided), leading_bits(states))
    assert np.array_equal(leading_bits(states.astype(np.int64)), leading_bits(states))
    assert len(leading_bits(states[:0])) == 0


def test_angles_are_hashed_as_float32():
    angles = np.random.default_rng(1).uniform(0, 2 * np.pi, (50, 8, 8))
    expected = [int(hashlib.sha3_512(a.astype("<f4").tobytes()).hexdigest()[:3], 16) for a in angles]
    assert list(leading_bits(angles)) == expected
    assert np.array_equal(leading_bits(angles.astype(np.float32)), leading_bits(angles))


@pytest.mark.parametrize("fraction", [1 / 4096, 0.1, 1 / 3, 0.9])
def test_fraction_of_the_test_part(fraction):
    states = random_states(20000)
    expected = binom(len(states), round(fraction * BINS) / BINS)
    count = in_test(states, fraction).sum()
    assert min(expected.cdf(count), expected.sf(count - 1)) > FALSE_ALARM


def test_a_larger_test_part_holds_the_smaller_one():
    states = random_states(2000)
    assert not np.any(in_test(states, 0.1) & ~in_test(states, 0.3))


@pytest.mark.parametrize("fraction", [0.0, 1e-4, 0.9999, 1.0, 1.5, -0.2])
def test_an_empty_part_is_refused(fraction):
    with pytest.raises(UserError, match="allowed is 1/4096 to 4095/4096"):
        in_test(STATES[:1], fraction)


def test_hashes_of_all_states_are_uniform():
    result = histogram(STATES, np.where(in_test(STATES, 1 / 3), "test", "train"))
    assert result["count"].sum() == len(STATES)
    assert FALSE_ALARM < result["p_value"] < 1 - FALSE_ALARM
    assert result["chi_square"] == pytest.approx(((result["count"] - 16.0) ** 2 / 16).sum())


def test_a_biased_hash_fails(monkeypatch):
    """Bits of the state itself as its hash, on states near the ground state."""
    monkeypatch.setattr(
        "spinnet.operators.split.leading_bits", lambda s: (s.reshape(-1, 16)[:, :12] > 0) @ 2 ** np.arange(12)
    )
    near = STATES[STATES.sum((1, 2)) >= 4]
    assert histogram(near, np.full(len(near), "train"))["p_value"] < FALSE_ALARM
    monkeypatch.undo()
    assert histogram(near, np.full(len(near), "train"))["p_value"] > FALSE_ALARM


def test_a_state_that_is_drawn_often_counts_once_and_stays_in_its_part():
    states = STATES[np.random.default_rng(2).integers(0, 3000, 20000)]
    distinct = np.unique(states.reshape(-1, 16), axis=0)
    result = histogram(states, np.where(in_test(states, 0.25), "test", "train"))
    assert result["count"].sum() == len(distinct)
    assert result["common"] == 0


def test_states_in_both_parts_are_counted():
    states = STATES[[5, 7, 7, 9, 9, 9]]
    assert histogram(states, np.array(["train", "train", "test", "test", "train", "test"]))["common"] == 2
