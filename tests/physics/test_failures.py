"""Computations that fail: a training that diverges, a Hamiltonian that cannot be sampled, chains that are stuck."""

import numpy as np
import pytest
from networks import random_made

from spinnet import ensembles
from spinnet.classification import learn_classifiers
from spinnet.deviation import starts_differ
from spinnet.errors import UserError
from spinnet.exact_sweep import exact_sweep
from spinnet.learning import learn
from spinnet.local_learning import learn_local
from spinnet.neural_sweep import neural_sweep
from spinnet.sweeps import stuck, summary

SIZE, T0 = 8, 2.5
ENSEMBLE = {
    "seed": 1, "name": "failures", "size": SIZE, "sampler": "metropolis", "chains": 12, "samples": 50, "thinning": 2.0,
}  # fmt: skip
PARTS = {"transform": "raw", "noise": 0.0, "configurations": None, "train": 8, "validation": 2, "test": 2}
TRAINING = {
    "seed": 1, "name": "spins", "order": "raster", "hidden": [24, 16], "symmetries": [], "device": "cpu",
    "batches_per_epoch": 8, "max_epochs": 4, "patience": 4,
}  # fmt: skip
LOCAL = TRAINING | {"hidden": [8, 4], "window": 1}
CLASSIFIERS = {
    "seed": 1, "name": "main_L8", "size": SIZE, "networks": 1, "width": 8, "learning_rate": 1e30, "batch_size": 64,
    "max_epochs": 2, "patience": 2, "broken": 1, "train": 8, "device": "cpu",
}  # fmt: skip
COLD = {
    "seed": 1, "name": "cold", "size": 4, "sampler": "wolff", "chains_per_start": 4, "burn_in": 100, "sweeps": 50,
}  # fmt: skip


@pytest.fixture(scope="module")
def dataset():
    return ensembles.to_dataset(ensembles.sample(ENSEMBLE | {"temperatures": [T0]}, iter), ENSEMBLE | PARTS)


@pytest.mark.parametrize("rate", [1e4, 1e30])
@pytest.mark.parametrize("architecture", ["made", "direct", "local"])
def test_a_training_that_diverges_is_refused(dataset, architecture, rate):
    settings = (LOCAL if architecture == "local" else TRAINING) | {"architecture": architecture, "learning_rate": rate}
    with pytest.raises(UserError, match=r"model spins: .* lower learning_rate"):
        (learn_local if architecture == "local" else learn)(dataset, settings, iter)


def test_classifiers_whose_training_diverges_are_refused():
    phases = ensembles.sample(ENSEMBLE | {"temperatures": [1.8, 4.0], "sampler": "wolff"}, iter)
    with pytest.raises(UserError, match=r"model main_L8 network 0: .* lower learning_rate"):
        learn_classifiers(phases, "phases.nc", CLASSIFIERS, iter)


def test_a_hamiltonian_that_accepts_nothing_is_refused():
    header = {
        "architecture": "made", "transform": "raw", "alphabet": [-1, 1], "size": 4, "sites": 16, "values": 2,
        "order": list(range(16)), "temperature": T0, "interactions": {"nearest": 1.0}, "energy_offset": 0.0,
        "settings": {"name": "broken"},
    }  # fmt: skip
    settings = {"seed": 1, "name": "sweep", "moves": "site", "chains_per_start": 3, "burn_in": 5, "sweeps": 5}
    arrays = random_made(16, 2, [8]).arrays()
    assert neural_sweep([T0], arrays, header, settings, iter)["acceptance"].min() > 0
    arrays = {name: np.full_like(a, np.nan) if name.endswith("bias") else a for name, a in arrays.items()}
    with pytest.raises(UserError, match=r"sweep sweep: at T = 2.5 no hot chain left .* of model broken"):
        neural_sweep([T0], arrays, header, settings, iter)


def still(values):
    """Series (1, 2, 3, 10) of |m| and energy of chains that never move."""
    series = np.broadcast_to(np.reshape(values, (1, 2, 3, 1)), (1, 2, 3, 10)).astype(np.float32)
    return {"magnetization": series, "energy": -2 * series}


def test_chains_that_rest_apart_are_stuck_and_chains_in_the_ground_state_are_not(capsys):
    assert stuck(still([1, 1, 1, 1, 1, 1])) == [0]
    assert stuck(still([1, 0, 1, 1, 1, 1])) == [6]  # a striped chain, and five that it tells from the mean
    sweep = summary([0.2], still([1, 0, 1, 1, 1, 1]), 64)
    assert starts_differ(sweep.drop_vars("stuck")) == [False]  # the scatter of the hot chains hides it
    assert starts_differ(sweep) == [True]
    assert "warning: T = 0.2: 6 chains never moved" in capsys.readouterr().out


def test_a_cold_exact_sweep_is_in_its_ground_state():
    sweep = exact_sweep([0.2], COLD, iter)
    assert float(sweep["energy"].max()) == -2
    assert sweep["stuck"].values == [0]
