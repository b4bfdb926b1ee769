"""Chains of the modified Hamiltonian E_Y = E - V f Y against enumeration and a plain forward pass."""

import numpy as np
import pytest
from chi_square import FALSE_ALARM, p_value, state_index

from spinnet.exact import all_configurations
from spinnet.lattice import ising_energy
from spinnet.samplers.field import FieldChains

MOVES = ["metropolis", "wolff"]
APART = {"metropolis": 4, "wolff": 15}  # updates that make the states of a chain independent, for chi square
BETA, FIELD = 0.3, 0.5  # beta V Y = 2.4


def random_network(size, width, scale):
    """Random weights; f varies over most of (0, 1) between states and is not symmetric."""
    random = np.random.default_rng(3)
    shapes = {"fc1": (width, size * size), "fc2": (32, width), "fc3": (2, 32)}
    network = {f"{n}.weight": scale * random.normal(size=s) / np.sqrt(s[1]) for n, s in shapes.items()}
    network |= {f"{n}.bias": scale * random.normal(size=s[0]) / 4 for n, s in shapes.items()}
    return {n: a.astype(np.float32) for n, a in network.items()}


def log_odds(network, spins):
    """log f/(1-f) of configurations (..., L, L), in float64."""
    x = spins.reshape(*spins.shape[:-2], -1).astype(float)
    for n in ("fc1", "fc2", "fc3"):
        x = x @ network[f"{n}.weight"].astype(float).T + network[f"{n}.bias"]
        x = np.maximum(x, 0) if n != "fc3" else x
    return x[..., 1] - x[..., 0]


def broken(network, spins):
    return 1 / (1 + np.exp(-log_odds(network, spins)))


@pytest.fixture(scope="module")
def network():
    network = random_network(4, 10, 2.0)
    network["fc3.bias"] += np.float32([0, 2.5])  # as many states in either phase
    return network


def probabilities(network, field):
    """Exact probabilities (states,) on 4x4."""
    states = all_configurations(4)
    exponent = BETA * (-ising_energy(states) + 16 * field * broken(network, states))
    weight = np.exp(exponent - exponent.max())
    return weight / weight.sum()


def test_the_network_of_the_tests_tells_states_apart(network):
    f = broken(network, all_configurations(4))
    low, high = np.quantile(f, [0.1, 0.9])
    assert low < 0.05
    assert high > 0.95
    assert np.abs(f - f[::-1]).max() > 0.5  # state n and its negative


@pytest.mark.parametrize("moves", MOVES)
@pytest.mark.parametrize("field", [FIELD, -FIELD, 0.0])
def test_states_follow_the_modified_distribution(network, moves, field):
    """And with no other field's."""
    chains = FieldChains(moves, network, 4, BETA, field, 3000, 7, "test")
    states = []
    chains.record(1, 100)
    for _ in range(40):
        chains.record(1, APART[moves])
        states.append(state_index((chains.spins.reshape(-1, 16) + 1) // 2, 2))
    assert p_value(states, probabilities(network, field)) > FALSE_ALARM
    for other in {FIELD, -FIELD, 0.0} - {field}:
        assert p_value(states, probabilities(network, other)) < 1e-12


@pytest.mark.parametrize("moves", MOVES)
def test_kept_pre_activations_agree_with_a_forward_pass(moves):
    size = 16
    network = random_network(size, 64, 1.5)
    chains = FieldChains(moves, network, size, 0.44, 0.02, 6, 1, "test")
    energy, magnetization, f = chains.record(3, 400)
    exact = log_odds(network, chains.spins)
    assert np.abs(exact).max() > 0.5
    assert f[:, -1] == pytest.approx(broken(network, chains.spins), abs=1e-9)
    assert np.log(f[:, -1] / (1 - f[:, -1])) == pytest.approx(exact, abs=1e-8)
    assert np.array_equal(energy[:, -1], ising_energy(chains.spins))
    assert np.array_equal(magnetization[:, -1], chains.spins.sum(axis=(1, 2), dtype=int))


@pytest.mark.parametrize("moves", MOVES)
def test_chains_depend_on_their_own_stream_only(network, moves):
    """Neither on other chains nor on how records are grouped, bit for bit."""
    few, many = (FieldChains(moves, network, 4, BETA, FIELD, n, 3, "x") for n in (4, 9))
    many.spins[:4] = few.spins
    parts = [few.record(10, 3), few.record(10, 3)]
    whole = many.record(20, 3)
    for a, b, c in zip(*parts, whole, strict=True):
        assert np.array_equal(np.concatenate([a, b], axis=1), c[:4])
