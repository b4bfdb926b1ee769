"""Mistakes in the main study's entries are one sentence each; variants and a user's ensembles become entries."""

import pytest
from configuration import DEFAULT, assert_refused, changed

from spinnet.config import check

MINE = {"file": "configurations.npy", "temperature": 2.5}

BAD = [
    ("exact_sweeps.ising.interactions", {"nearest": 0.5}, "found 'wolff', which samples nearest: 1.0 alone"),
    ("ensembles.plaquette.interactions.four", 1.0, "ensembles.plaquette.interactions.four: is not a known key"),
    ("ensembles.mine", MINE | {"temperature": -1}, "ensembles.mine.temperature: found -1"),
    ("ensembles.mine", MINE | {"size": 16}, "ensembles.mine.size: is not a known key"),
    ("ensembles.mine", {"file": "configurations.npy"}, "ensembles.mine.temperature: is missing"),
    ("ensembles.mine", 3, "ensembles.mine: found 3"),
    ("ensembles.own", MINE | {"temperature": "warm"}, "ensembles.own.temperature: found 'warm'"),
    ("encoder.own.relative_temperatures", [], "encoder.own.relative_temperatures: found []"),
    ("ensembles.mine", MINE | {"tile": 1}, "ensembles.mine.tile: found 1"),
    ("datasets.spins.noise", 0.5, "datasets.spins.noise: found 0.5; input should be less than 0.5"),
    ("datasets.spins.configurations", 0, "datasets.spins.configurations: found 0"),
    ("models.spins.architecture", "cnn", "models.spins.architecture: found 'cnn'"),
    ("models.spins.window", 2, "window: found 2; it belongs to the architecture local, and only to it"),
    ("models.local.window", None, "window: found None; it belongs to the architecture local"),
    ("models.local.dataset", "stride2", "models.local.architecture: found 'local', which needs spins; 'stride2'"),
    ("models.stride1_direct.symmetries", ["translation"], "windows of stride 1 do not wrap"),
    ("models.three.symmetries", ["flip"], "models.three.symmetries: found 'flip', but the ensemble behind 'three'"),
    ("models.local.window", 3, "models.local.window: found 3"),
    ("models.symmetric.symmetries", ["rotation"], "models.symmetric.symmetries.0: found 'rotation'"),
    ("models.quick.training.epochs", 3, "models.quick.training.epochs: is not a known key"),
    ("neural_sweeps.spins.multiplicity", True, "found true; it belongs to block_sum_stride2"),
    ("neural_sweeps.spins.size", 32, "neural_sweeps.spins.size: found 32; only a model of the architecture 'local'"),
    ("neural_sweeps.spins.exact", "nothing", "neural_sweeps.spins.exact: found 'nothing'; allowed are"),
    ("neural_sweeps.plaquette.exact", "ising", "exact_sweeps.ising.interactions: found {'nearest': 1.0}, but"),
    ("neural_sweeps.local.size", 32, "exact_sweeps.ising.size: found 16, but the lattice of neural_sweeps.local"),
    ("neural_sweeps.quick.temperatures", [1.55], "1.55 is not among those of exact_sweeps.few"),
    ("neural_sweeps.direct.exact", None, "neural_sweeps.direct.exact: is missing; encoder.encoders compares with it"),
    ("encoder.encoders", [], "encoder.encoders: found []"),
    ("encoder.couplings.models", ["stride2"], "encoder.couplings.models: 'stride2' is not a model of spins"),
    ("encoder.sampling.models", ["local"], "'local' is of the architecture local, not normalised"),
    ("encoder.orders.sweep", "nothing", "encoder.orders.sweep: found 'nothing'"),
    ("encoder.orders.orders", ["hilbert"], "encoder.orders.orders.0: found 'hilbert'"),
    ("encoder.noise.rates", [0.6], "encoder.noise.rates.0: found 0.6"),
    (
        "encoder.blocks.sizes",
        [9],
        "found 9, but datasets.stride2_direct_L9.transform 'block_sum_stride2' needs",
    ),
    ("encoder.own.model", "nothing", "encoder.own.model: found 'nothing'"),
]


@pytest.mark.parametrize(("key", "value", "sentence"), BAD, ids=[f"{b[0]}={b[1]}" for b in BAD])
def test_mistakes_are_refused(key, value, sentence):
    assert_refused(key, value, sentence)


def test_variants_differ_from_their_base_in_one_thing():
    config = check(DEFAULT)
    base = config.models["quick"]
    column = config.models["quick_order_column"]
    assert column == base.model_copy(update={"order": "column"})
    assert config.neural_sweeps["quick_order_column"].model == "quick_order_column"
    assert config.datasets["quick_noise_500"].noise == 0.05
    assert config.models["quick_noise_500"] == base.model_copy(update={"dataset": "quick_noise_500"})
    assert config.datasets["quick_direct_number_3000"].configurations == 3000
    assert config.ensembles["ising_L8"].size == config.exact_sweeps["ising_L8"].size == 8
    assert config.neural_sweeps["stride2_direct_L8"].exact == "ising_L8"


def test_own_configurations_get_entries_unless_there_are_some():
    config = check(changed("ensembles.mine", MINE))
    assert config.neural_sweeps["mine"].model == config.models["mine"].dataset == config.datasets["mine"].ensemble
    assert config.models["mine"].symmetries == []
    assert 2.5 in config.neural_sweeps["mine"].temperatures
    settings = changed("ensembles.mine", MINE)
    settings["datasets"]["mine"] = {"ensemble": "mine", "transform": "raw"}
    settings["models"]["mine"] = {"dataset": "mine", "hidden": [10]}
    assert check(settings).models["mine"].hidden == [10]
