"""Metropolis chains of interactions within a plaquette against enumeration."""

import numpy as np
import pytest
from chi_square import FALSE_ALARM, p_value, state_index

from spinnet.exact import all_configurations
from spinnet.interactions import energy
from spinnet.samplers.ising import IsingChains
from spinnet.samplers.table import flip_energies

ALL = {"field": 0.15, "nearest": 0.7, "diagonal": -0.3, "three": 0.2, "plaquette": 0.4}
EVEN = {"nearest": 1.0, "diagonal": 0.5, "plaquette": 0.5}


def exact(size, interactions, temperature):
    energies = energy(all_configurations(size), interactions)
    weight = np.exp(-(energies - energies.min()) / temperature)
    return weight / weight.sum()


@pytest.mark.parametrize("size", [2, 3, 5])
def test_table_equals_differences_of_energy(size):
    spins = np.random.default_rng(2).choice(np.array([-1, 1], np.int8), (300, size, size))
    flipped = spins.copy()
    flipped[:, 1, 0] *= -1
    window = np.stack([np.roll(spins, (-r, -c), (1, 2))[:, 1, 0] for r in (-1, 0, 1) for c in (-1, 0, 1)], 1)
    number = state_index((window + 1) // 2, 2)
    expected = energy(flipped, ALL) - energy(spins, ALL)
    assert np.allclose(flip_energies(ALL)[number], expected, rtol=0, atol=1e-12)


def test_columns_or_rows_first_number_alike():
    transposed = np.transpose(all_configurations(3), (0, 2, 1)).reshape(512, 9)
    assert np.allclose(flip_energies(ALL)[state_index((transposed + 1) // 2, 2)], flip_energies(ALL), atol=1e-12)


@pytest.mark.parametrize(("size", "interactions"), [(3, ALL), (4, ALL), (4, EVEN), (3, {"three": 0.5})])
def test_states_follow_the_boltzmann_distribution(size, interactions):
    chains = IsingChains("metropolis", size, 2.0, 4000, 11, "test", interactions=interactions)
    chains.record(100, 1)
    energies, magnetization, kept = chains.record(300, 10, keep=True)
    states = state_index((kept.reshape(-1, size * size) + 1) // 2, 2)
    assert p_value(states, exact(size, interactions, 2.0)) > FALSE_ALARM
    assert p_value(states, exact(size, interactions, 2.04)) < FALSE_ALARM
    assert np.allclose(energies[:50].ravel(), energy(kept[:50].reshape(-1, size, size), interactions), atol=1e-12)
    assert np.array_equal(magnetization, kept.sum((2, 3), dtype=int))


def test_ising_interactions_are_the_ising_chains():
    plain, named = (IsingChains("metropolis", 6, 2.3, 3, 5, **k) for k in ({}, {"interactions": {"nearest": 1.0}}))
    a, b = plain.record(20, 2, keep=True), named.record(20, 2, keep=True)
    assert all(x.dtype == y.dtype and np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_chains_depend_on_their_own_stream_only():
    few, many = (IsingChains("metropolis", 6, 2.3, n, 3, "x", interactions=ALL) for n in (4, 9))
    many.spins[:4] = few.spins
    a, b = few.record(20, 2, keep=True), many.record(20, 2, keep=True)
    assert all(np.array_equal(x, y[:4]) for x, y in zip(a, b, strict=True))


def test_wolff_and_terms_that_reach_far_are_refused():
    with pytest.raises(ValueError, match="wolff"):
        IsingChains("wolff", 4, 2.5, 1, 1, interactions=EVEN)
    with pytest.raises(ValueError, match="third"):
        IsingChains("metropolis", 4, 2.5, 1, 1, interactions={"nearest": 1.0, "third": 0.1})
