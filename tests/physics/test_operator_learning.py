"""Networks that learn operators: training on one and two processes, predictions, scores, training sets."""

import re
import time

import numpy as np
import pytest
import torch
import xarray as xr

from spinnet import io
from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.lattice import ising_energy
from spinnet.operators.data import energies, make
from spinnet.operators.examples import dataset, training_rows
from spinnet.operators.fit import batches, fit, steps
from spinnet.operators.learning import learn, optimisers, targets
from spinnet.operators.levels import level_of, levels
from spinnet.operators.networks import build, load, predict
from spinnet.operators.parallel import learn_from_files
from spinnet.operators.scores import median_error, predictions
from spinnet.rng import generator
from spinnet.training import make_deterministic

TARGETED = {"seed": 1, "name": "small", "sampling": "targeted", "interaction": "ising", "size": 4, "width": 4.0}
TARGETED |= {"interval": 5, "most": 10**6, "train": 20, "test": 0, "test_fraction": 1 / 3}
RANDOM = {"seed": 1, "name": "r", "sampling": "random", "interaction": "ising", "size": 8, "train": 400, "test": 100}
RANDOM |= {"test_fraction": 1 / 3, "cutoff": 16, "k": 1.0}
LEARNING = {
    "seed": 1, "name": "test", "architecture": "convolutional", "interaction": "ising", "size": 4, "learns": "class",
    "examples": 20, "upscale": 2, "padding": "periodic", "vectors": False, "optimizer": "adamw",
    "learning_rate": 3e-3, "batch_size": 60, "epochs": 2, "precision": "float32", "device": "cpu", "processes": 1,
}  # fmt: skip
STATES = all_configurations(4)
ENERGIES = ising_energy(STATES)


@pytest.fixture(scope="module")
def data():
    return make(TARGETED).assign_attrs(title="small data")


@pytest.fixture(scope="module")
def path(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "data.nc"
    io.write(data, path, "operator data", "small data", TARGETED)
    return path


def untrained(settings):
    """Arrays of the network that `learn` starts from."""
    make_deterministic(settings["seed"], "operator network", settings["name"])
    return {name: p.numpy() for name, p in build(settings).state_dict().items()}


def equal(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def model_of(settings, mean=0.0, scale=1.0):
    """An untrained network with a header, its weights enlarged so that outputs differ."""
    model = build(settings)
    model.load_state_dict({name: 2 * torch.from_numpy(p) for name, p in untrained(settings).items()})
    model.header = settings | {"mean": mean, "scale": scale}
    return model


@pytest.mark.parametrize(
    ("learns", "less"), [("class", 0.5), ("energy", 0.2), ("magnetization", 0.2)], ids=["class", "energy", "m"]
)
def test_training_reduces_the_loss(data, learns, less):
    _, header = learn(data, LEARNING | {"learns": learns, "epochs": 25, "learning_rate": 2e-3}, iter)
    assert len(header["loss"]) == 25
    assert header["loss"][0] == pytest.approx(np.log(15) if learns == "class" else 1.0, rel=0.3)
    assert header["loss"][-1] < less * header["loss"][0]


def test_the_same_seed_gives_the_same_weights_whatever_ran_before(data):
    first, header = learn(data, LEARNING, iter)
    other, _ = learn(data, LEARNING | {"name": "other"}, iter)
    again, header_again = learn(data, LEARNING, iter)
    assert equal(first, again)
    assert header == header_again
    assert not equal(first, other)
    assert not equal(first, learn(data, LEARNING | {"seed": 2}, iter)[0])
    assert not equal(first, untrained(LEARNING))


def test_training_goes_on_from_given_weights(data):
    start = {name: 0.5 * p for name, p in untrained(LEARNING).items()}
    slow = LEARNING | {"learning_rate": 1e-9, "epochs": 1}
    found, _ = learn(data, slow, iter, start)
    assert all(np.allclose(found[name], start[name], rtol=0, atol=1e-6) for name in start)
    assert not np.allclose(found["out.weight"], untrained(LEARNING)["out.weight"], rtol=0, atol=1e-3)


def test_two_processes_learn_what_one_does(path, tmp_path):
    """Two steps on all examples: each process has the gradients of its half, both take their mean."""
    settings = LEARNING | {"optimizer": "adadelta", "learning_rate": 1.0, "batch_size": 300}
    start = tmp_path / "start.safetensors"
    before = {name: 1.5 * p for name, p in untrained(settings).items()}
    numbers = {"mean": 0.0, "scale": 1.0, "vectors": False}
    io.write_model(before, settings | numbers, start)
    one, header = learn_from_files(path, start, settings, iter)
    two, header_two = learn_from_files(path, start, settings | {"processes": 2}, iter)
    change = max(np.abs(one[name] - before[name]).max() for name in one)
    assert change > 1e-4
    assert max(np.abs(one[name] - two[name]).max() for name in one) < 1e-4 * change
    assert header_two["loss"] == pytest.approx(header["loss"], rel=1e-5)
    assert header_two["learns"] == "class"


def test_a_process_that_fails_ends_the_training(tmp_path, capfd):
    began = time.monotonic()
    with pytest.raises(UserError, match=r"network test: training process [01] of 2 failed; see this log"):
        learn_from_files(tmp_path / "nothing.nc", None, LEARNING | {"processes": 2}, iter)
    assert time.monotonic() - began < 60
    assert "nothing.nc: cannot be read" in capfd.readouterr().err


def test_a_loss_that_is_not_finite_is_one_sentence(data):
    with pytest.raises(UserError, match="network test: the loss became nan in epoch 0; lower its learning_rate"):
        learn(data, LEARNING, iter, {n: np.full_like(p, np.nan) for n, p in untrained(LEARNING).items()})


def test_adadelta_is_that_of_the_paper():
    optimizer, scheduler = optimisers(build(LEARNING), LEARNING | {"optimizer": "adadelta"}, 300)
    assert isinstance(optimizer, torch.optim.Adadelta)
    assert {k: optimizer.defaults[k] for k in ("lr", "rho", "eps")} == {"lr": 3e-3, "rho": 0.95, "eps": 1e-8}
    optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [3e-3]


@pytest.mark.parametrize("samples", [25, 60, 300, 349])
def test_one_cycle_of_the_learning_rate(samples):
    """From a small rate to learning_rate and down again, over exactly the steps of the training."""
    settings = LEARNING | {"epochs": 4}
    optimizer, scheduler = optimisers(build(settings), settings, samples)
    assert isinstance(optimizer, torch.optim.AdamW)
    rates = []
    for epoch in range(settings["epochs"]):
        for _ in batches(samples, settings, epoch):
            rates.append(scheduler.get_last_lr()[0])
            optimizer.step()
            scheduler.step()
    assert len(rates) == steps(samples, settings)
    assert max(rates) <= 3e-3 * (1 + 1e-9)
    assert max(rates) > 1e-3
    assert rates[-1] < 1e-6


def test_an_epoch_takes_each_example_at_most_once():
    rows = batches(130, LEARNING, 0)
    assert rows.shape == (2, 60)
    assert len(np.unique(rows)) == 120
    assert not np.array_equal(rows, batches(130, LEARNING, 1))
    assert np.array_equal(np.sort(batches(30, LEARNING, 0).ravel()), np.arange(30))


def test_each_process_takes_its_share_of_a_batch(monkeypatch):
    monkeypatch.setattr(torch.distributed, "all_reduce", lambda total: total)
    taken = []
    for rank in range(2):
        model = torch.nn.Linear(1, 1)
        model.register_forward_pre_hook(lambda _, inputs: taken.append(inputs[0].detach().numpy().ravel()))
        data = np.arange(120, dtype=np.float32)[:, None], np.zeros((120, 1), np.float32)
        settings = LEARNING | {"epochs": 1, "dtype": torch.float32}
        fit(model, *optimisers(model, settings, 120), data, torch.nn.functional.mse_loss, settings, iter, rank, 2)
    assert [len(rows) for rows in taken] == [30] * 4
    assert len(np.unique(taken)) == 120


def test_targets():
    states, values = STATES[::100], ENERGIES[::100].astype(float)
    classes, _, mean, scale = targets(states, values, LEARNING)
    assert np.array_equal(levels(4)[classes], values)
    assert (mean, scale) == (0.0, 1.0)
    for learns, learned in (("energy", values), ("magnetization", states.mean((1, 2)))):
        found, loss, mean, scale = targets(states, values, LEARNING | {"learns": learns})
        assert found.dtype == np.float32
        assert found.mean() == pytest.approx(0, abs=1e-5)
        assert found.std() == pytest.approx(1, rel=1e-5)
        assert np.allclose(mean + scale * found, learned, atol=1e-5)
        assert loss(torch.zeros(len(found), 1), torch.from_numpy(found)).item() == pytest.approx(1, rel=1e-4)


def test_a_missing_class_is_named(capsys):
    chosen = np.isin(ENERGIES, [-32, 0, 4, 32])
    targets(STATES[chosen], ENERGIES[chosen], LEARNING)
    warned = re.findall(r"warning: no example of the class E = (-?\d+) J", capsys.readouterr().out)
    assert list(map(int, warned)) == [-24, -20, -16, -12, -8, -4, 8, 12, 16, 20, 24]


def test_training_rows_of_each_class(data):
    rows = training_rows(data, 7)
    assert (np.bincount(level_of(data["energy"].values[rows], 4)) == 7).all()
    assert set(rows) < set(training_rows(data, 20))
    with pytest.raises(UserError, match="small data: 21 training examples were asked for, found 20"):
        training_rows(data, 21)


def test_training_rows_of_random_data():
    random = make(RANDOM).assign_attrs(title="random data")
    rows = training_rows(random, 300)
    assert len(rows) == 300
    assert (random["part"].values[rows] == "train").all()
    with pytest.raises(UserError, match="random data: 401 training examples were asked for, found 400"):
        training_rows(random, 401)


@pytest.mark.parametrize("interaction", ["ising", "coulomb", "potts", "disordered"])
def test_random_data(interaction):
    settings = RANDOM | {"interaction": interaction}
    made = make(settings)
    state, part = made["state"].values, made["part"].values
    assert {name: (part == name).sum() for name in ("train", "test")} == {"train": 400, "test": 100}
    assert np.allclose(made["energy"], energies(state, settings), rtol=1e-12)
    assert state.dtype == (np.float32 if interaction == "potts" else np.int8)
    if interaction == "potts":
        assert 0 <= state.min() < 0.01
        assert np.pi - 0.01 < state.max() < np.pi
    else:
        assert abs(state.mean()) < 4.5 / np.sqrt(state.size)
    assert made.identical(make(settings))


@pytest.mark.parametrize(("architecture", "size"), [("convolutional", 4), ("demonstration", 9)])
def test_predictions_do_not_depend_on_the_company(architecture, size):
    """Bit for bit: a chain that a network drives must not depend on the other chains."""
    settings = LEARNING | {"architecture": architecture, "size": size, "learns": "energy"}
    model, random = model_of(settings, 3.0, 20.0), generator(6, "states")
    states = random.choice(np.array([-1, 1], np.int8), (700, size, size))
    together, order = predict(model, states), random.permutation(700)
    assert np.array_equal(predict(model, states[order]), together[order])
    for number in (1, 37, 256, 300):
        assert np.array_equal(np.concatenate([predict(model, s) for s in np.split(states, [number])]), together)
    assert np.array_equal(predict(model, states[41:42]), together[41:42])
    assert predict(model, states[:0]).shape == (0,)


def test_predicted_energies_undo_the_standardisation():
    model, states = model_of(LEARNING | {"learns": "energy"}, 3.0, 200.0), STATES[::400]
    with torch.no_grad():
        output = model(torch.from_numpy(states))[:, 0].numpy()
    found = predict(model, states)
    assert found.dtype == np.float64
    assert np.allclose(found, 3 + 200 * output, atol=1e-3)
    assert found.std() > 0.1


def test_predicted_classes_are_levels():
    model, states = model_of(LEARNING), STATES[::400]
    with torch.no_grad():
        best = model(torch.from_numpy(states)).argmax(1).numpy()
    assert np.array_equal(predict(model, states), levels(4)[best])


def test_a_network_file_gives_the_trained_network(data, tmp_path):
    """Learns well enough, on very few examples, to tell most of what it was shown."""
    arrays, header = learn(data, LEARNING | {"epochs": 40, "learning_rate": 2e-3}, iter)
    io.write_model(arrays, header, tmp_path / "m.safetensors")
    model = load(tmp_path / "m.safetensors")
    assert equal({n: p.numpy() for n, p in model.state_dict().items()}, arrays)
    right = predict(model, data["state"].values) == data["energy"].values
    assert right.mean() > 0.8


def test_median_error_of_normal_errors():
    exact = np.zeros(20000)
    for seed in range(3):
        median, error = median_error(generator(seed, "normal").normal(0, 2.0, len(exact)), exact)
        assert abs(median - 2 * 0.67449) < 4.5 * error
        assert error == pytest.approx(2 * 0.78672 / np.sqrt(len(exact)), rel=0.3)


def test_scores_of_all_4x4_states(data):
    """Two states are one class off, one is two off; the first of them was seen."""
    seen = training_rows(data, 5)
    unseen = np.setdiff1d(np.arange(2**16), (data["state"].values[seen].reshape(-1, 16) > 0) @ 2 ** np.arange(16))
    first = (data["state"].values[seen[0]].ravel() > 0) @ 2 ** np.arange(16)
    index = level_of(ENERGIES, 4)
    chosen = np.array([first, *unseen[index[unseen] == 7][:2]])
    index[chosen] += np.where(index[chosen] == 14, -1, 1) * np.array([1, 1, 2])
    result = predictions(lambda states: levels(4)[index].astype(float)[: len(states)], data, LEARNING | {"examples": 5})
    assert np.array_equal(result["energy"], ENERGIES)
    assert np.array_equal(np.flatnonzero(result["seen"] == 0), unseen)
    assert result["wrong"] == 3
    assert result["beyond_neighbours"] == 1
    assert result["accuracy"].item() == 1 - 3 / 2**16
    assert result["accuracy_unseen"].item() == 1 - 2 / len(unseen)


def test_scores_of_8x8_count_the_test_part_alone():
    up = np.ones((8, 8), np.int8)
    random = generator(8, "states").choice(np.array([-1, 1], np.int8), (10, 8, 8))
    states = np.concatenate([[up, -up, up], random[[0, 1, 2, 3, 4, 5, 6, 6, 8, 9]]])
    parts = np.array(["train"] * 3 + ["test"] * 8 + ["train"] * 2)
    sample = dataset(states, ising_energy(states).astype(float), parts, "random").assign_attrs(title="hand")
    settings = LEARNING | {"size": 8, "examples": 5}

    def predict_all_the_same(states):
        return np.where(states.mean((1, 2)) == -1, -120.0, ising_energy(states))

    result = predictions(predict_all_the_same, sample, settings)
    assert list(result["seen"]) == [0] * 8 + [1] * 3
    assert list(result["energy"][8:]) == [-128] * 3
    assert list(result["predicted"][8:]) == [-128, -120, -128]
    assert result["accuracy"] == result["accuracy_unseen"] == 1
    assert result["wrong"] == 0
    assert result["distinct"] == 7
    index = level_of(ising_energy(states), 8)
    index[9:11] += 1  # the state that stands twice
    found = dict(zip(map(bytes, states), levels(8)[index].astype(float), strict=True))
    result = predictions(lambda states: np.array([found[bytes(s)] for s in states]), sample, settings)
    assert result["wrong"] == 2
    assert result["accuracy"] == 0.75
    assert result["accuracy_distinct"].item() == pytest.approx(6 / 7)
    result = predictions(lambda states: ising_energy(states) + 0.5, sample, settings | {"learns": "energy"})
    assert result.sizes["sample"] == 8
    assert result["median_error"] == 0.5
    assert result["sigma"].item() == pytest.approx(ising_energy(states[3:11]).std())
    assert "accuracy" not in result


def test_scores_of_other_interactions_on_4x4_are_those_of_the_test_part():
    settings = RANDOM | {"size": 4, "interaction": "coulomb"}
    sample = make(settings).assign_attrs(title="coulomb")
    learning = LEARNING | {"interaction": "coulomb", "learns": "energy"}
    result = predictions(lambda states: energies(states, settings), sample, learning)
    assert result.sizes["sample"] == settings["test"]
    assert result["median_error"] < 1e-12


def test_scores_of_magnetizations(data):
    result = predictions(lambda states: states.mean((1, 2)) + 0.25, data, LEARNING | {"learns": "magnetization"})
    assert isinstance(result, xr.Dataset)
    assert result["median_error"].item() == pytest.approx(0.25)
    assert result["energy"].attrs["units"] == "1"
    assert result["sigma"].item() == pytest.approx(1 / 4)
