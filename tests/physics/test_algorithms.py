"""Each algorithm that samples a learned Hamiltonian against the enumerated ensemble of a tiny network."""

import numpy as np
import pytest
import torch
from scipy.stats import chi2

from spinnet.encoder import algorithms
from spinnet.learned import log_weight
from spinnet.models.made import MADE
from spinnet.rng import generator
from spinnet.samplers.tempering import swap

T0, TEMPERATURES, LADDER = 2.5, [1.6, 4.0], np.array([1.6, 2.5, 4.0])
SETTINGS = {"seed": 3, "name": "t", "temperatures": TEMPERATURES, "chains": 64}


def network(values):
    """A random network of 2x2 sites, and all its states (q^4, 2, 2)."""
    torch.manual_seed(5)
    model, alphabet = MADE(4, values, [12, 8]), {2: [-1, 1], 3: [-2, 0, 2]}[values]
    header = {
        "architecture": "made", "sites": 4, "values": values, "hidden": [12, 8], "size": 2, "temperature": T0,
        "order": [2, 0, 3, 1], "alphabet": alphabet, "transform": "raw", "energy_offset": 0.25,
    }  # fmt: skip
    arrays = {name: 2.0 * array for name, array in model.arrays().items()}
    states = np.stack(np.meshgrid(*[alphabet] * 4, indexing="ij"), -1).reshape(-1, 2, 2)
    return arrays, header, states


def runs(arrays, header):
    """{algorithm: (3, steps, temperatures, chains)} after burn-in."""
    settings, temperatures = SETTINGS | {"steps": 1220}, np.array(TEMPERATURES)
    result = {}
    for algorithm in algorithms.ALGORITHMS[:3]:
        grid = LADDER if algorithm == "tempering" else temperatures
        run = algorithms.single_site(arrays, header, settings, grid, algorithm, iter)
        result[algorithm] = run[:, 20:, np.isin(grid, temperatures)]
    draws = algorithms.proposals(arrays, header, settings)
    random = generator(1, "test")
    result["independence"] = algorithms.independence(*draws, T0 / temperatures, random)[:, 20:]
    return result


@pytest.mark.parametrize("values", [2, 3])
def test_every_algorithm_has_the_enumerated_distribution(values):
    """chi^2 of the visited states (by their log p) at T below and above T0, and <m> of each state."""
    arrays, header, states = network(values)
    log_p = log_weight(arrays, header)(states)
    order = np.argsort(log_p)
    assert np.diff(log_p[order]).min() > 1e-4  # every state can be told by its log p
    borders = (log_p[order][1:] + log_p[order][:-1]) / 2
    for algorithm, run in runs(arrays, header).items():
        for t, temperature in enumerate(TEMPERATURES):
            p = np.exp(log_p[order] * T0 / temperature)
            p /= p.sum()
            visited = np.searchsorted(borders, run[0, ::15, t].ravel())
            expected, counts = p * len(visited), np.bincount(visited, minlength=len(p))
            rare = expected < 10
            observed = np.append(counts[~rare], counts[rare].sum())
            expected = np.append(expected[~rare], expected[rare].sum())
            square = ((observed - expected) ** 2 / np.maximum(expected, 1e-9)).sum()
            assert chi2.sf(square, (~rare).sum()) > 1e-5, (algorithm, temperature)
            m = states.mean((1, 2))[order][visited] / max(header["alphabet"])
            assert run[1, ::15, t].ravel() == pytest.approx(m)


def test_comparison_agrees_with_enumeration_and_itself():
    arrays, header, states = network(2)
    log_p, spins = log_weight(arrays, header)(states), 4
    result = algorithms.compare(arrays, header, SETTINGS | {"sweeps": 300}, iter)
    m = np.abs(states.mean((1, 2)))
    for temperature in TEMPERATURES:
        p = np.exp(log_p * T0 / temperature)
        p /= p.sum()
        exact = {"magnetization": p @ m, "learned_energy": p @ (0.25 - T0 * log_p / spins)}
        point = result.sel(temperature=temperature)
        for name, value in exact.items():
            assert np.abs((point[name] - value) / point[f"{name}_error"]).max() < 4.8
            assert point[f"{name}_converged"].values.all()
            assert float(point[f"{name}_agreement"]) > 1e-5
    assert result["magnetization_time"].values.min() > 0.2
    assert (np.abs(result["acceptance"].values - 0.5) < 0.5).all()


def test_independent_draws_are_taken_as_they_are_at_t0():
    log_p, m = np.random.default_rng(1).normal(size=(2, 50, 3))
    run = algorithms.independence(log_p, m, np.array([1.0]), np.random.default_rng(2))
    assert (run[0, :, 0] == log_p).all()
    assert (run[1, :, 0] == m).all()
    assert (run[2] == 1).all()


def test_autocorrelation_time_from_chain_means_is_that_of_an_autoregressive_series():
    """AR(1) with coefficient a: tau = (1 + a) / (1 - a) / 2; a value frozen in each chain: half the steps."""
    random, series = np.random.default_rng(6), np.zeros((2000, 2, 256))
    noise = random.normal(size=series.shape)
    for n in range(1, len(series)):
        series[n] = np.array([0.0, 0.8])[:, None] * series[n - 1] + noise[n]
    time, error = algorithms.chain_time(series)
    assert np.abs(np.log(time / [0.5, 4.5]) * time / error).max() < 4.5
    assert algorithms.converged(series).all()
    frozen = np.broadcast_to(random.normal(size=64), (100, 64))
    assert algorithms.chain_time(frozen)[0] == pytest.approx(50 * 64 / 63)
    assert not algorithms.converged(frozen)
    assert not algorithms.converged(series[:, 0] + np.linspace(0, 1, 2000)[:, None])


def test_disagreeing_algorithms_are_noticed():
    means, errors = np.array([[1.0, 1.0], [1.0, 1.5], [1.1, 1.0]]), np.full((3, 2), 0.1)
    found = algorithms.agreement(means, errors, np.ones((3, 2), bool))
    assert found == pytest.approx(chi2.sf([2 / 3, 50 / 3], 2))
    left_out = algorithms.agreement(means, errors, np.array([[1, 1], [1, 0], [1, 1]], bool))
    assert left_out[1] == pytest.approx(1.0)
    assert np.isnan(algorithms.agreement(means, errors, np.array([[1, 1], [0, 0], [0, 0]], bool))).all()


def test_the_ladder_holds_the_temperatures_and_its_steps_are_small():
    rungs = algorithms.ladder(np.array([1.8, 2.27, 3.0]), 16)
    assert np.isin([1.8, 2.27, 3.0], rungs).all()
    assert (np.diff(np.log(rungs)) > 0.03).all()
    assert (np.diff(np.log(rungs)) <= 1 / 16 + 1e-12).all()


def test_swaps_exchange_neighbours_by_their_weights():
    """Certain and impossible swaps: the chain of larger log p belongs to the lower temperature."""
    ratios, place = np.array([2.0, 1.0, 0.5]), np.array([[0, 0], [1, 1], [2, 2]])
    log_p = np.array([[-1e9, 0.0], [0.0, -1e9], [0.0, 0.0]])
    new, swapped = swap(place, log_p, ratios, 0, np.random.default_rng(1))
    assert new.tolist() == [[1, 0], [0, 1], [2, 2]]
    assert swapped.tolist() == [[1, 0], [1, 0], [0, 0]]
    again, swapped = swap(new, log_p, ratios, 1, np.random.default_rng(1))
    assert again[:, 0].tolist() == [2, 0, 1]
    assert swapped[:, 0].tolist() == [0, 1, 1]
