"""Neural chains batched in torch: against the plain forward pass, enumeration and the Numba kernel."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from chi_square import FALSE_ALARM, p_value, state_index
from networks import all_states, probabilities, random_made

from spinnet import devices
from spinnet.errors import UserError
from spinnet.interactions import ISING
from spinnet.neural_sweep import neural_sweep
from spinnet.rng import stream_key
from spinnet.samplers import learned
from spinnet.samplers.batched import BatchedChains
from spinnet.samplers.neural import NeuralChains, chain_model

SHAPES = [(256, 2, [180, 120]), (64, 5, [36, 21]), (30, 3, [17]), (21, 3, []), (20, 2, []), (16, 2, [33, 7, 9])]
SHAPES = [(*shape, direct) for shape in SHAPES for direct in (False, True)]
SMALL = [(9, 2, [7, 5], False), (9, 2, [], True), (5, 3, [11], False), (4, 5, [16], True)]
T0, LIMIT = 2.5, 5.0  # J/k_B; standard errors, exceeded by chance once in 10^6
on_every_device = pytest.mark.parametrize("device", ["cpu"] + (["cuda"] if torch.cuda.is_available() else []))


def batch(model, states, device, seed=1, log_multiplicity=None):
    keys = [stream_key(seed, "chain", c) for c in range(len(states))]
    return BatchedChains(chain_model(model.arrays(), model.sites, model.values, log_multiplicity), states, keys, device)


def random_states(chains, sites, values):
    return np.random.default_rng(2).integers(0, values, (chains, sites)).astype(np.int8)


def reference(model, categories):
    with torch.no_grad():
        return model.log_prob(torch.from_numpy(categories)).numpy()


@on_every_device
@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SHAPES)
def test_every_difference_equals_the_forward_pass(sites, values, hidden, direct, device):
    """Delta log p of all sites in states after a sweep, and log p itself, against double precision."""
    model = random_made(sites, values, hidden, direct)
    chains = batch(model, random_states(10, sites, values), device)
    chains.sweep(np.ones(10))
    states = chains.values
    exact = reference(model, states)
    assert chains.log_prob() == pytest.approx(exact, abs=1e-4)
    differences, proposed = chains.proposal_differences()
    changed = np.repeat(states, sites, axis=0).reshape(10, sites, sites)
    changed[:, range(sites), range(sites)] = proposed[:, :, 0]
    assert (proposed[:, :, 0] != states).all()
    expected = reference(model, changed.reshape(-1, sites)).reshape(10, sites) - exact[:, None]
    assert np.abs(expected).max() > 0.1
    assert differences == pytest.approx(expected, abs=1e-4)
    assert np.array_equal(chains.values, states)


@on_every_device
@pytest.mark.parametrize(("values", "direct"), [(2, False), (2, True), (5, True)])
def test_log_prob_after_many_updates_equals_the_forward_pass(values, direct, device):
    model = random_made(64, values, [40, 30], direct)
    chains = batch(model, random_states(10, 64, values), device)
    for _ in range(20):
        log_prob, acceptance = chains.sweep(np.full(10, 0.8))
    assert 0.05 < acceptance.mean() < 0.95
    assert log_prob == pytest.approx(reference(model, chains.values), abs=1e-4)


@on_every_device
@pytest.mark.parametrize("values", [2, 5])
def test_large_logits_stay_exact(values, device):
    """Logits of several hundred, which neither overflow nor clip."""
    model = random_made(10, values, [12], scale=1.0)
    with torch.no_grad():
        model.layers[-1].bias.mul_(600)
    states = random_states(40, 10, values)
    exact = reference(model, states)
    assert exact.min() < -300
    assert batch(model, states, device).log_prob() == pytest.approx(exact, rel=1e-6)


def sampled_states(chains, ratio):
    """(chains, 2, N) states 20 sweeps apart, after 60 sweeps to forget the start."""
    kept = []
    for n in range(1, 81):
        chains.sweep(ratio)
        if n in (60, 80):
            kept.append(chains.values)
    return np.stack(kept, axis=1)


@on_every_device
@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SMALL)
def test_two_temperatures_in_one_batch_sample_p_to_the_t0_over_t(sites, values, hidden, direct, device):
    model = random_made(sites, values, hidden, direct, scale=6.0)
    ratio = np.repeat([0.9, 1.7], 4000)
    kept = sampled_states(batch(model, random_states(len(ratio), sites, values), device), ratio)
    p = probabilities(model, all_states(sites, values))
    for r in (0.9, 1.7):
        states = state_index(kept[ratio == r], values)
        assert p_value(states, p**r / (p**r).sum()) > FALSE_ALARM
        wrong = p ** (1.2 * r)
        assert p_value(states, wrong / wrong.sum()) < FALSE_ALARM


@on_every_device
def test_chains_with_multiplicity_sample_p_to_the_r_times_g_to_the_1_minus_r(device):
    multiplicity = np.array([1, 4, 6, 4, 1])
    model, states = random_made(3, 5, [9], scale=6.0), all_states(3, 5)
    ratio = np.full(4000, 0.6)
    kept = sampled_states(batch(model, random_states(4000, 3, 5), device, 1, np.log(multiplicity)), ratio)
    p, g = probabilities(model, states), multiplicity[states].prod(axis=1)
    weight = p**0.6 * g**0.4
    assert p_value(state_index(kept, 5), weight / weight.sum()) > FALSE_ALARM
    assert p_value(state_index(kept, 5), p**0.6 / (p**0.6).sum()) < FALSE_ALARM


@on_every_device
def test_a_run_is_reproducible_and_its_keys_count(device):
    model, states = random_made(16, 5, [12]), random_states(300, 16, 5)

    def run(seed):
        chains = batch(model, states, device, seed)
        return [chains.sweep(np.linspace(0.5, 2, 300)) for _ in range(5)], chains.values

    assert all(np.array_equal(a, b) for a, b in zip(run(1), run(1), strict=True))
    assert not np.array_equal(run(1)[1], run(2)[1])


MODEL = random_made(16, 2, [24, 12], scale=4.0)
HEADER = {
    "architecture": "made", "order": list(range(16)), "alphabet": [-1, 1], "size": 4, "sites": 16, "values": 2,
    "transform": "raw", "temperature": T0, "interactions": ISING, "energy_offset": 0.0,
}  # fmt: skip
SETTINGS = {"seed": 3, "name": "s", "moves": "site", "chains_per_start": 144, "burn_in": 50, "sweeps": 100}


@on_every_device
def test_sweeps_agree_with_the_kernel(device, monkeypatch):
    """All averages of a sweep over temperatures, hot and cold starts, against the Numba chains."""
    temperatures = [1.5, T0, 4.0]
    expected = neural_sweep(temperatures, MODEL.arrays(), HEADER, SETTINGS, iter)
    monkeypatch.setattr(learned, "accelerator", lambda _: device)
    assert isinstance(started().chains, BatchedChains)
    found = neural_sweep(temperatures, MODEL.arrays(), HEADER, SETTINGS, iter)
    for name in ("magnetization", "energy", "learned_energy", "acceptance"):
        means = [sweep[name].mean("chain") for sweep in (found, expected)]
        errors = [sweep[name].std("chain", ddof=1) / 12 for sweep in (found, expected)]
        allowed = LIMIT * np.hypot(*errors)
        assert (np.abs(means[0] - means[1]) < allowed).all(), name
        if name in ("learned_energy", "acceptance"):  # another temperature is told apart
            assert (np.abs(means[0][0] - means[1][1]) > 2 * allowed[0]).all(), name


def started(**settings):
    return learned.start(MODEL.arrays(), HEADER, SETTINGS | settings, [(T0, "hot", 0), (T0, "cold", 1)], [True, False])


def test_only_a_gpu_takes_chains_of_the_kernel(monkeypatch):
    monkeypatch.setattr(devices, "_driver", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for settings in ({}, {"device": "cpu"}, {"device": "auto"}):
        assert isinstance(started(**settings).chains, NeuralChains)
    with pytest.raises(UserError, match="device: 'cuda' was asked for, no CUDA device was found"):
        started(device="cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert [devices.accelerator(name) for name in ("cpu", "auto", "cuda")] == [None, "cuda", "cuda"]


def test_chains_on_the_cpu_do_without_torch():
    """A job on the CPU does not spend seconds on loading it, nor does one without a driver."""
    code = """import sys
from spinnet import devices, neural_sweep
devices._driver = lambda: False
assert [devices.accelerator(name) for name in ("cpu", "auto")] == [None, None]
assert "torch" not in sys.modules"""
    folder = Path(__file__).parents[2] / "workflow/scripts"
    run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
