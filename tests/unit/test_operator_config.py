"""Mistakes in the section `operators` of the configuration: a sentence names the key, the value, what is allowed."""

import copy

import pytest
from configuration import DEFAULT, assert_refused, changed

from spinnet.config import ConfigError, check

# key below `operators`, value, the sentence
BAD = [
    ("targeted.width", 0.0, "operators.targeted.width: found 0.0; input should be greater than 0"),
    ("targeted.interval", 0, "operators.targeted.interval: found 0"),
    ("targeted.most", 1.5, "operators.targeted.most: found 1.5"),
    ("targeted.height", 1, "operators.targeted.height: is not a known key"),
    ("test_fraction", 1.0, "operators.test_fraction: found 1.0; input should be less than 1"),
    ("test_fraction", 0.0, "operators.test_fraction: found 0.0; input should be greater than 0"),
    ("cutoff", -64, "operators.cutoff: found -64"),
    ("training.learning_rate", 0, "operators.training.learning_rate: found 0"),
    ("training.processes", 0, "operators.training.processes: found 0"),
    (
        "training.processes",
        3,
        "classes_L4.batch_size: found 200; allowed are multiples of operators.training.processes",
    ),
    ("networks.coulomb.batch_size", 0, "operators.networks.coulomb.batch_size: found 0"),
    ("networks.coulomb.learning_rate", 0.0, "operators.networks.coulomb.learning_rate: found 0.0"),
    ("data.coulomb.interaction", "newton", "operators.data.coulomb.interaction: found 'newton'; input should be"),
    ("data.coulomb.sampling", "thermal", "operators.data.coulomb.sampling: found 'thermal'; input should be"),
    ("data.coulomb.k", 0, "operators.data.coulomb.k: found 0"),
    ("data.coulomb.k", None, "k: found None; the interactions coulomb and sinusoidal need it, others have none"),
    ("data.potts.k", 1.0, "k: found 1.0; the interactions coulomb and sinusoidal need it, others have none"),
    ("data.coulomb.size", 1, "operators.data.coulomb.size: found 1"),
    ("data.coulomb.train", 0, "operators.data.coulomb.train: found 0"),
    ("data.coulomb.test", -1, "operators.data.coulomb.test: found -1"),
    ("data.coulomb.test", 0, "test: found 0; only the 4x4 Ising model, of which all states are predicted, needs none"),
    ("data.targeted_L8.size", 6, "targeted sampling: found ising, L = 6; allowed is ising with L = 4 or 8"),
    ("data.targeted_L8.interaction", "disordered", "targeted sampling: found disordered, L = 8; allowed is ising"),
    ("data.targeted_L8.train", 1000, "networks.classes_L8.examples: found 1588; operators.data.targeted_L8 has 1000"),
    ("networks.coulomb.data", "nothing", "operators.networks.coulomb.data: found 'nothing'; allowed are coulomb, "),
    ("networks.coulomb.learns", "mass", "operators.networks.coulomb.learns: found 'mass'"),
    ("networks.coulomb.learns", "class", "operators.networks.coulomb.learns: found 'class'; only Ising energies of L"),
    ("networks.coulomb_thermal.learns", "class", "operators.networks.coulomb_thermal.learns: found 'class'; only Isi"),
    ("networks.coulomb.examples", [], "operators.networks.coulomb.examples: found []"),
    ("networks.coulomb.examples", [100001], "coulomb.examples: found 100001; operators.data.coulomb has 100000"),
    ("networks.coulomb.epochs", [1, 2], "coulomb.epochs: found 2 numbers; needed is one for each of the 1 in examples"),
    ("networks.coulomb.sets", 2, "operators.networks.coulomb.sets: found 2; operators.data.coulomb has 1"),
    ("networks.coulomb.padding", "same", "operators.networks.coulomb.padding: found 'same'; input should be 'per"),
    ("networks.coulomb.optimizer", "sgd", "operators.networks.coulomb.optimizer: found 'sgd'; input should be 'ad"),
    ("networks.coulomb.precision", "half", "operators.networks.coulomb.precision: found 'half'"),
    ("networks.coulomb.upscale", 0, "operators.networks.coulomb.upscale: found 0"),
    ("networks.classes_L4.upscale", 3, "classes_L4.upscale: found 3; L * upscale is 12, allowed are multiples of 8"),
    ("networks.demonstration.architecture", "convolutional", "demonstration.upscale: found 1; L * upscale is 9, allow"),
    ("networks.coulomb.architecture", "demonstration", "coulomb.architecture: found 'demonstration' with L = 8 that"),
    ("networks.coulomb_thermal.start", "nothing", "operators.networks.coulomb_thermal.start: found 'nothing'; allowed"),
    ("networks.coulomb_thermal.architecture", "demonstration", "coulomb_thermal.architecture: found 'demonstration'"),
    ("chains_L8.chains", 1, "operators.chains_L8.chains: found 1"),
    ("chains_L4.temperatures", [2.0, 1.0], "operators.chains_L4.temperatures: found [2.0, 1.0]; must be in strictly"),
    ("chains_coulomb.sweeps", 0, "operators.chains_coulomb.sweeps: found 0"),
    ("thermal.every", 0, "operators.thermal.every: found 0"),
    ("baselines.examples", [], "operators.baselines.examples: found []"),
    ("baselines.trees", "many", "operators.baselines.trees: found 'many'"),
    ("networks.a b", {}, "operators.networks.a b"),
]


@pytest.mark.parametrize(("key", "value", "expected"), BAD, ids=[f"{k}={v}" for k, v, _ in BAD])
def test_bad_values_are_refused_in_one_sentence(key, value, expected):
    assert_refused(f"operators.{key}", value, expected)


@pytest.mark.parametrize(("table", "name"), [("networks", "classes_L8"), ("data", "random_L4"), ("data", "coulomb")])
def test_what_the_figures_show_cannot_be_left_out(table, name):
    settings = copy.deepcopy(DEFAULT)
    del settings["operators"][table][name]
    with pytest.raises(ConfigError, match=f"operators.{table}: {name} is missing; the figures need it"):
        check(settings)


@pytest.mark.parametrize("key", ["data", "learns", "examples", "epochs"])
def test_missing_keys_are_named(key):
    settings = copy.deepcopy(DEFAULT)
    del settings["operators"]["networks"]["energy_L8"][key]
    with pytest.raises(ConfigError, match=rf"operators\.networks\.energy_L8\.{key}: is missing"):
        check(settings)


def test_networks_and_data_may_be_added():
    """On a lattice of the user's own, with another k."""
    settings = changed(
        "operators.data.mine",
        {"sampling": "random", "interaction": "coulomb", "k": "5e-1", "size": 12, "train": 10, "test": 5},
    )
    settings["operators"]["networks"]["mine"] = DEFAULT["operators"]["networks"]["coulomb"] | {
        "data": "mine",
        "examples": [10],
        "upscale": 2,
    }
    operators = check(settings).operators
    assert operators.data["mine"].k == 0.5
    assert operators.networks["mine"].padding == "periodic"


def test_defaults_hold_what_the_paper_gives():
    operators = check(DEFAULT).operators
    literal = operators.networks["classes_L8_adadelta"]
    assert (literal.optimizer, literal.padding, literal.learning_rate, literal.batch_size) == (
        "adadelta", "zero", 1e-3, 800,
    )  # fmt: skip
    assert operators.networks["classes_L8_small"].upscale == 1
    assert {operators.networks[f"classes_L{size}"].sets for size in (4, 8)} == {3}
    assert operators.networks["coulomb_thermal"].start == "coulomb"
