"""The kernel of neural chains against the plain forward pass and against enumeration."""

import time

import numpy as np
import pytest
import torch
from chi_square import FALSE_ALARM, p_value, state_index
from networks import all_states, probabilities, random_made

from spinnet.lattice import block_sums
from spinnet.orders import site_order
from spinnet.rng import stream_key
from spinnet.samplers.neural import LANES, NeuralChains, chain_model, site_moves, spin_moves

SHAPES = [(256, 2, [180, 120]), (64, 5, [36, 21]), (30, 3, [17]), (20, 2, []), (16, 2, [33, 7, 9])]
SHAPES = [(*shape, direct) for shape in SHAPES for direct in (False, True)]
SMALL = [(9, 2, [7, 5], False), (9, 2, [7, 5], True), (9, 2, [], True), (4, 5, [16, 9], False), (4, 5, [16], True)]


def keys(chains, seed=1):
    return [stream_key(seed, "chain", c) for c in range(chains)]


def reference(model, categories):
    with torch.no_grad():
        return model.log_prob(torch.from_numpy(categories)).numpy()


@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SHAPES)
def test_every_single_site_difference_equals_the_forward_pass(sites, values, hidden, direct):
    """Delta log p of all sites in random states, and log p itself, against double precision."""
    model = random_made(sites, values, hidden, direct)
    states = np.random.default_rng(2).integers(0, values, (20, sites)).astype(np.int8)
    chains = NeuralChains(chain_model(model.arrays(), sites, values), site_moves(sites), states, keys(20))
    exact = reference(model, states)
    assert chains.log_prob() == pytest.approx(exact, abs=1e-4)
    differences, proposed = chains.proposal_differences()
    changed = np.repeat(states, sites, axis=0).reshape(20, sites, sites)
    changed[:, range(sites), range(sites)] = proposed[:, :, 0]
    assert (proposed[:, :, 0] != states).all()
    expected = reference(model, changed.reshape(-1, sites)).reshape(20, sites) - exact[:, None]
    assert np.abs(expected).max() > 0.1
    assert differences == pytest.approx(expected, abs=1e-4)
    assert np.array_equal(chains.values, states)


@pytest.mark.parametrize(("order", "direct"), [("raster", False), ("random", False), ("random", True)])
def test_every_spin_flip_difference_equals_the_forward_pass(order, direct):
    """Flips of underlying spins under a model of stride-1 block sums, all spins, any order."""
    size, sites = 6, 25
    permutation = site_order(order, size - 1, 3)
    model = random_made(sites, 5, [40, 30], direct)

    def encode(spins):
        return ((block_sums(spins, 1).reshape(-1, sites)[:, permutation] + 4) // 2).astype(np.int8)

    spins = 1 - 2 * np.random.default_rng(4).integers(0, 2, (10, size, size), np.int8)
    moves = spin_moves(size, permutation)
    chains = NeuralChains(chain_model(model.arrays(), sites, 5), moves, encode(spins), keys(10), spins.reshape(10, -1))
    differences, _ = chains.proposal_differences()
    flipped = np.repeat(spins.reshape(10, 1, -1), size * size, axis=1)
    flipped[:, range(size * size), range(size * size)] *= -1
    expected = reference(model, encode(flipped.reshape(-1, size, size))).reshape(10, -1)
    assert differences == pytest.approx(expected - reference(model, encode(spins))[:, None], abs=1e-4)
    for _ in range(3):
        chains.sweep(np.ones(10))
    assert np.array_equal(chains.values, encode(chains.spins.reshape(10, size, size)))


@pytest.mark.parametrize("direct", [False, True])
def test_log_prob_after_many_updates_equals_the_forward_pass(direct):
    model = random_made(64, 2, [40, 30], direct)
    states = np.random.default_rng(5).integers(0, 2, (10, 64)).astype(np.int8)
    chains = NeuralChains(chain_model(model.arrays(), 64, 2), site_moves(64), states, keys(10))
    for _ in range(50):
        log_prob, acceptance = chains.sweep(np.full(10, 0.8))
    assert 0.05 < acceptance.mean() < 0.95
    assert log_prob == pytest.approx(reference(model, chains.values), abs=1e-4)


@pytest.mark.parametrize("values", [2, 5])
def test_large_logits_stay_exact(values):
    """Logits of several hundred: products of normalisers in a group must neither overflow nor clip."""
    model = random_made(10, values, [12], scale=1.0)
    with torch.no_grad():
        model.layers[-1].bias.mul_(600)
    states = np.random.default_rng(3).integers(0, values, (40, 10)).astype(np.int8)
    chains = NeuralChains(chain_model(model.arrays(), 10, values), site_moves(10), states, keys(40))
    exact = reference(model, states)
    assert exact.min() < -300
    assert chains.log_prob() == pytest.approx(exact, rel=1e-6)


def sampled_states(chains, ratio, records, every):
    kept = []
    for n in range((records + 5) * every):
        chains.sweep(ratio)
        if n >= 5 * every and n % every == 0:
            kept.append(chains.values if chains.moves.flips_spin is False else chains.spins)
    return np.concatenate(kept)


@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SMALL)
@pytest.mark.parametrize("ratio", [1.0, 0.6, 1.7])
def test_site_moves_sample_p_to_the_t0_over_t(sites, values, hidden, direct, ratio):
    model = random_made(sites, values, hidden, direct, scale=6.0)
    states = np.random.default_rng(6).integers(0, values, (1280, sites)).astype(np.int8)
    chains = NeuralChains(chain_model(model.arrays(), sites, values), site_moves(sites), states, keys(1280))
    kept = sampled_states(chains, np.full(1280, ratio), 80, 20)
    weight = probabilities(model, all_states(sites, values)) ** ratio
    assert p_value(state_index(kept, values), weight / weight.sum()) > FALSE_ALARM
    assert p_value(state_index(kept, values), weight**1.1 / (weight**1.1).sum()) < FALSE_ALARM


@pytest.mark.parametrize("ratio", [0.6, 1.7])
def test_chains_with_multiplicity_sample_p_to_the_r_times_g_to_the_1_minus_r(ratio):
    """The correction of block sums of stride 2: 1, 4, 6, 4, 1 spin states behind each value."""
    multiplicity = np.array([1, 4, 6, 4, 1])
    model, states = random_made(3, 5, [9], scale=6.0), all_states(3, 5)
    start = states[np.random.default_rng(6).integers(0, len(states), 1280)]
    laid_out = chain_model(model.arrays(), 3, 5, np.log(multiplicity))
    kept = sampled_states(NeuralChains(laid_out, site_moves(3), start, keys(1280)), np.full(1280, ratio), 60, 15)
    p, g = probabilities(model, states), multiplicity[states].prod(axis=1)
    weight = p**ratio * g ** (1 - ratio)
    assert p_value(state_index(kept, 5), weight / weight.sum()) > FALSE_ALARM
    assert p_value(state_index(kept, 5), p**ratio / (p**ratio).sum()) < FALSE_ALARM


def test_spin_moves_sample_p_of_the_block_sums():
    """On 3x3 spins the target of spin moves is p(S(s))^r over the 512 spin states."""
    model = random_made(4, 5, [16, 9], scale=6.0)
    spins = 2 * all_states(9, 2) - 1
    blocks = ((block_sums(spins.reshape(-1, 3, 3), 1).reshape(-1, 4) + 4) // 2).astype(np.int8)
    weight = probabilities(model, blocks) ** 1.3
    start = np.random.default_rng(7).integers(0, 512, 1280)
    moves = spin_moves(3, np.arange(4))
    chains = NeuralChains(chain_model(model.arrays(), 4, 5), moves, blocks[start], keys(1280), spins[start])
    kept = sampled_states(chains, np.full(1280, 1.3), 80, 20)
    assert p_value(state_index((kept + 1) // 2, 2), weight / weight.sum()) > FALSE_ALARM


def test_a_chain_does_not_depend_on_the_others():
    model = chain_model(random_made(16, 2, [12]).arrays(), 16, 2)
    states = np.random.default_rng(8).integers(0, 2, (300, 16)).astype(np.int8)
    many = NeuralChains(model, site_moves(16), states, keys(300))
    few = NeuralChains(model, site_moves(16), states[140:145], keys(300)[140:145])
    for _ in range(10):
        all_log_prob, _ = many.sweep(np.linspace(0.5, 2, 300))
        log_prob, _ = few.sweep(np.linspace(0.5, 2, 300)[140:145])
    assert np.array_equal(many.values[140:145], few.values)
    assert np.array_equal(all_log_prob[140:145], log_prob)


def test_kept_chains_go_on_as_before():
    model, kept = chain_model(random_made(16, 2, [12]).arrays(), 16, 2), np.arange(300) % 3 == 1
    states, ratio = np.random.default_rng(8).integers(0, 2, (300, 16)).astype(np.int8), np.linspace(0.5, 2, 300)
    many, few = (NeuralChains(model, site_moves(16), states, keys(300)) for _ in range(2))
    many.sweep(ratio), few.sweep(ratio)
    few.keep(kept)
    expected, found = many.sweep(ratio), few.sweep(ratio[kept])
    assert np.array_equal(many.values[kept], few.values)
    assert all(np.array_equal(a[kept], b) for a, b in zip(expected, found, strict=True))


def test_vectorisation_is_not_lost():
    """The kernel beats the plain forward pass by far more than the work it saves in scalar code."""
    torch.set_num_threads(1)
    model = random_made(256, 2, [180, 120]).float()
    states = np.random.default_rng(9).integers(0, 2, (LANES, 256)).astype(np.int8)
    chains = NeuralChains(chain_model(model.arrays(), 256, 2), site_moves(256), states, keys(LANES))
    batch = torch.from_numpy(np.repeat(states, 16, axis=0))

    def seconds(function):
        times = []
        for _ in range(6):
            start = time.perf_counter()
            function()
            times.append(time.perf_counter() - start)
        return min(times)

    kernel = seconds(lambda: chains.sweep(np.ones(LANES))) / (256 * LANES)
    with torch.no_grad():
        forward = seconds(lambda: model.log_prob(batch)) / len(batch)
    assert forward / kernel > 4
