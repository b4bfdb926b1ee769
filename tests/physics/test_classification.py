"""Packed spins, labels, the log odds of trained networks, and their training."""

import numpy as np
import pytest
import torch
import xarray as xr
from networks import magnetization_classifier, random_classifier, stacked

from spinnet import classification, ensembles
from spinnet.classification import SEPARATED, accuracy, labelled, learn_classifiers
from spinnet.errors import UserError
from spinnet.models.classifier import BATCH, log_odds
from spinnet.packing import pack, unpack
from spinnet.rg.predictive import predictive_function

SIZE = 8
TRAINING = {
    "seed": 4, "name": "main L8", "size": SIZE, "networks": 2, "width": 16, "learning_rate": 0.003,
    "batch_size": 16, "max_epochs": 5, "patience": 3, "broken": 2, "train": 8, "device": "cpu",
}  # fmt: skip


def random_spins(*shape, seed=1):
    return 1 - 2 * np.random.default_rng(seed).integers(0, 2, shape, np.int8)


@pytest.mark.parametrize("size", [2, 4, 6, 8, 16, 33])
def test_packed_spins_are_restored(size):
    """Bits as documented: along a row, 1 is up, the first column in the highest bit."""
    spins = random_spins(5, 7, size, size)
    bits = pack(spins)
    assert bits.dtype == np.uint8
    assert bits.shape == (5, 7, size, -(-size // 8))
    restored = unpack(bits, size)
    assert restored.dtype == np.int8
    assert np.array_equal(restored, spins)
    documented = np.unpackbits(bits, axis=-1)
    assert np.array_equal(documented[..., :size], spins == 1)
    assert not documented[..., size:].any()
    left = -np.ones((1, size, size), np.int8)
    left[..., 0] = 1
    assert (pack(left)[..., 0] == 128).all()


def numbered_ensemble(temperatures, chains, samples):
    """Spins that spell out in binary the temperature, chain and sample they belong to."""
    number = np.arange(temperatures * chains * samples)
    spins = 2 * ((number[:, None] >> np.arange(16)) & 1).astype(np.int8) - 1
    return xr.Dataset(
        {"spins": (("temperature", "sample", "row", "column"), spins.reshape(temperatures, -1, 4, 4))},
        {"chain": ("sample", np.repeat(np.arange(chains), samples))},
    )


def test_labels_and_parts():
    """The lowest temperatures are the broken phase; every configuration is in one part, chains are in one only."""
    temperatures, chains, samples, broken, train = 5, 7, 11, 2, 4
    parts = labelled(numbered_ensemble(temperatures, chains, samples), broken, train)
    seen = []
    for part, (spins, labels) in enumerate(parts):
        assert spins.dtype == np.int8
        assert labels.dtype == np.int64
        number = ((spins + 1) // 2).astype(np.int64) @ (1 << np.arange(16))
        temperature, chain = number // (chains * samples), number // samples % chains
        assert np.array_equal(labels, temperature < broken)
        assert set(chain) == (set(range(train)), set(range(train, chains)))[part]
        seen.extend(number)
    assert sorted(seen) == list(range(temperatures * chains * samples))


@pytest.mark.parametrize("samples", [1, BATCH, 2 * BATCH + 37])
def test_log_odds_equal_a_forward_pass(samples):
    """Of stacked networks, for s and for -s, in batches, against the module in float64."""
    models = [random_classifier(36, 10, seed, scale=2.5) for seed in range(3)]
    spins = random_spins(samples, 36)
    odds = log_odds(stacked(models), spins)
    assert odds.shape == (3, 2, samples)
    assert odds.dtype == np.float32
    for model, found in zip(models, odds, strict=True):
        for sign, z in zip((1, -1), found, strict=True):
            with torch.no_grad():
                logits = model.double().logits(torch.from_numpy(sign * spins)).numpy()
            assert z == pytest.approx(logits[:, 1] - logits[:, 0], abs=1e-4)
    if samples > 1:
        assert odds.std(axis=2).min() > 0.5
        assert np.abs(odds[:, 0] - odds[:, 1]).max() > 0.5


def test_known_log_odds():
    """The network with the log odds gain * (|m| - threshold), the same for s and -s."""
    spins = random_spins(200, 16)
    spins[0] = 1
    odds = log_odds(stacked([magnetization_classifier(16, 8.0, 0.5)]), spins)
    exact = 8 * (np.abs(spins.mean(axis=1)) - 0.5)
    assert odds[0, 0] == pytest.approx(exact, abs=1e-5)
    assert np.array_equal(odds[0, 0], odds[0, 1])


def observed_odds(odds):
    """Observables with the given log odds (network, sign, chain, sample)."""
    dims = ("network", "sign", "chain", "sample")
    return xr.Dataset({"log_odds_0": (dims, np.asarray(odds, np.float32))})


def test_f_does_not_saturate():
    """Where the softmax in float32 is 0 or 1, f still tells how far the configuration is from the boundary."""
    z = np.array([-80.0, -30.0, -17.0, 0.0, 17.0, 30.0])
    f = predictive_function(observed_odds(z.reshape(1, 1, 1, -1).repeat(2, axis=1)), 0)[0]
    assert f.dtype == np.float64
    assert f[:3] == pytest.approx(np.exp(z[:3]), rel=1e-6)
    assert f[3] == 0.5
    assert 1 - f[4:] == pytest.approx(np.exp(-z[4:]), rel=1e-2)


def test_f_is_the_mean_over_networks_and_signs():
    random = np.random.default_rng(2)
    odds = random.normal(0, 3, (3, 2, 4, 5)).astype(np.float32)
    f = 1 / (1 + np.exp(-odds.astype(float)))
    observed = observed_odds(odds)
    assert predictive_function(observed, 0) == pytest.approx(f[:, 0].mean(0), abs=1e-12)
    assert predictive_function(observed, 0, [1]) == pytest.approx(f[1, 0], abs=1e-12)
    assert predictive_function(observed, 0, [0, 2], symmetric=True) == pytest.approx(f[[0, 2]].mean((0, 1)), abs=1e-12)


def test_loss_is_the_cross_entropy_and_its_gradient_exact():
    """Against log(1 + exp(-+z)) and central differences of every parameter, in float64."""
    model = random_classifier(9, 6, scale=1.5).double()
    spins = torch.from_numpy(random_spins(20, 9))
    labels = torch.arange(20) % 2
    z = np.diff(model.logits(spins).detach().numpy(), axis=1)[:, 0]
    expected = np.log1p(np.exp(np.where(labels.numpy() == 1, -z, z)))
    assert model.loss(spins, labels).detach().numpy() == pytest.approx(expected, rel=1e-12)
    model.loss(spins, labels).mean().backward()
    step = 1e-6
    for parameter in model.parameters():
        flat, gradient = parameter.data.view(-1), parameter.grad.view(-1)
        assert gradient.abs().max() > 1e-3
        for i in range(len(flat)):
            values = []
            for s in (step, -2 * step):
                flat[i] += s
                values.append(model.loss(spins, labels).mean().item())
            flat[i] += step
            assert (values[0] - values[1]) / (2 * step) == pytest.approx(gradient[i].item(), abs=1e-8)


def ensemble(temperatures, name="phases", chains=10):
    settings = {
        "seed": 4, "name": name, "size": SIZE, "sampler": "wolff", "temperatures": temperatures,
        "chains": chains, "samples": 50, "thinning": 2.0,
    }  # fmt: skip
    return ensembles.sample(settings, iter)


PHASES = [1 / 0.60, 1 / 0.55, 1 / 0.30, 1 / 0.25]


@pytest.fixture(scope="module")
def trained():
    return learn_classifiers(ensemble(PHASES), "results/rg/phases/L8.nc", TRAINING, iter)


def test_training_separates_the_phases(trained):
    """Also on independent configurations; and f rises with beta between the phases, where nothing was learned."""
    arrays, header = trained
    assert min(header["accuracies"]) >= SEPARATED == 0.95
    assert [a.shape for a in arrays.values()] == [
        (2, 16, 64), (2, 16), (2, 32, 16), (2, 32), (2, 2, 32), (2, 2),
    ]  # fmt: skip
    assert not np.array_equal(arrays["fc1.weight"][0], arrays["fc1.weight"][1])
    fresh = ensemble(PHASES, "others")
    for k in range(2):
        network = {name: a[k] for name, a in arrays.items()}
        assert accuracy(network, labelled(fresh, 2, 10)[0]) > 0.93
    between = ensemble([1 / 0.5, 1 / 0.44, 1 / 0.38, 1 / 0.32], "between")["spins"].values
    f = [(log_odds(arrays, spins.reshape(-1, SIZE * SIZE)) > 0).mean() for spins in between]
    assert (np.diff(f) < -0.05).all()


def test_training_is_reproducible(trained):
    """Bit for bit from the seed; another seed gives another network."""
    arrays, header = trained
    data = ensemble(PHASES)
    again, header_again = learn_classifiers(data, "x", TRAINING, iter)
    assert header_again == header
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)
    other, _ = learn_classifiers(data, "x", TRAINING | {"seed": 5, "networks": 1}, iter)
    assert not np.array_equal(other["fc1.weight"][0], arrays["fc1.weight"][0])


def test_one_network_does_not_depend_on_the_others(trained):
    arrays, _ = trained
    first, _ = learn_classifiers(ensemble(PHASES), "x", TRAINING | {"networks": 1}, iter)
    assert all(np.array_equal(arrays[name][:1], first[name]) for name in arrays)


def test_networks_start_from_weights_of_their_own(monkeypatch):
    """Of seed, lattice and number of the network, not only from an order of the batches of their own."""
    monkeypatch.setattr(classification, "SEPARATED", 0.0)
    still = TRAINING | {"learning_rate": 1e-12, "max_epochs": 1}
    data = ensemble(PHASES)
    starts = [learn_classifiers(data, "x", still | c, iter)[0] for c in ({}, {"seed": 5}, {"name": "wide L8"})]
    weights = np.concatenate([s["fc1.weight"].reshape(2, -1) for s in starts])
    assert np.abs(np.corrcoef(weights) - np.eye(6)).max() < 0.2  # 1024 uncorrelated numbers each: 0.03


def test_networks_that_do_not_separate_are_refused():
    """Two "phases" at one temperature: nothing can be learned, and the message says where and what to change."""
    same = ensemble([2.999, 3.0, 3.001, 3.002], "same")
    with pytest.raises(UserError) as error:
        learn_classifiers(same, "results/rg/phases/L8.nc", TRAINING | {"max_epochs": 2}, iter)
    for text in ("results/rg/phases/L8.nc", "main L8 network 0", "rg.classifiers", "max_epochs", "rg.phases.broken"):
        assert text in str(error.value)
