"""Every mistake in the configuration is one sentence that names the key, the value and what is allowed."""

import copy
import json
import re
from pathlib import Path

import pytest
import yaml
from configuration import DEFAULT, assert_refused, changed

from spinnet.config import ConfigError, check, check_file, schema

ROOT = Path(__file__).parents[2]

BAD = [
    ("temperatures", [], "temperatures: found []"),
    ("temperatures", [2.0, 1.0], "temperatures: found [2.0, 1.0]; must be in strictly increasing order"),
    ("temperatures", [1.0, 1.0], "strictly increasing"),
    ("temperatures", [0.0, 1.0], "temperatures.0: found 0.0; input should be greater than 0"),
    ("temperatures", [-1.0], "greater than 0"),
    ("temperatures", [1.0, float("nan")], "temperatures.1: found nan"),
    ("temperatures", 2.0, "temperatures: found 2.0"),
    ("device", "gpu", "device: found 'gpu'; input should be 'auto', 'cpu' or 'cuda'"),
    ("seed", -1, "seed: found -1"),
    ("seed", "abc", "seed: found 'abc'"),
    ("seed", True, "seed: found True"),
    ("sede", 1, "sede: is not a known key"),
    ("training.learning_rate", "fast", "training.learning_rate: found 'fast'"),
    ("training.learning_rate", 0, "training.learning_rate: found 0"),
    ("training.epochs", 5, "training.epochs: is not a known key"),
    ("training", None, "training: found None"),
    ("ensembles.ising.size", 15, "ensembles.ising.size: found 15, but datasets.stride2.transform"),
    ("ensembles.ising.size", 16.5, "ensembles.ising.size: found 16.5"),
    ("ensembles.ising.size", "sixteen", "ensembles.ising.size: found 'sixteen'"),
    ("ensembles.ising.temperatures", [2.0, 2.5], "models.spins.dataset: 'spins' has 2 temperatures"),
    ("ensembles.ising.temperatures", [0.0], "ensembles.ising.temperatures.0: found 0.0"),
    ("ensembles.ising.sampler", "heatbath", "'metropolis', 'multispin' or 'wolff'"),
    ("ensembles.ising.thinning", 1.0, "ensembles.ising.thinning: found 1.0"),
    ("ensembles.ising.chains.test", 0, "ensembles.ising.chains.test: found 0"),
    ("datasets.spins.ensemble", "potts", "datasets.spins.ensemble: found 'potts'; allowed are ising"),
    ("datasets.spins.transform", "stride3", "datasets.spins.transform: found 'stride3'"),
    ("models.spins.dataset", "nothing", "models.spins.dataset: found 'nothing'; allowed are"),
    ("models.spins.hidden", [180, 0], "models.spins.hidden.1: found 0"),
    ("models.spins.order", "hilbert", "models.spins.order: found 'hilbert'"),
    ("models.a b", {"dataset": "spins", "hidden": [4], "order": "raster"}, "models.a b"),
    ("neural_sweeps.spins.model", "nothing", "neural_sweeps.spins.model: found 'nothing'"),
    ("neural_sweeps.spins.moves", "spin", "needs a model of block_sum_stride1"),
    ("neural_sweeps.spins.chains_per_start", 1, "neural_sweeps.spins.chains_per_start: found 1"),
    ("encoder.fig3.neural", "nothing", "encoder.fig3.neural: found 'nothing'"),
    ("exact_sweeps.ising.size", 8, "exact_sweeps.ising.size: found 8, but the lattice of neural_sweeps.spins"),
    ("rg.size", 66, "rg.size: found 66; it is blocked twice with b = 2, so it must be a multiple of 4"),
    ("rg.size", 4, "rg.size: found 4; input should be greater than or equal to 8"),
    ("rg.lattice", "square", "rg.lattice: is not a known key"),
    (
        "rg.phases.symmetric",
        [0.3, 0.55],
        "rg.phases.broken: starts at 0.52, below the end of rg.phases.symmetric, 0.55",
    ),
    ("rg.phases.broken", [0.36, 0.6], "rg.phases.broken: starts at 0.36, below the end of rg.phases.symmetric"),
    ("rg.phases.broken", [0.6, 0.55], "rg.phases.broken: found [0.6, 0.55]; must be in strictly increasing order"),
    ("rg.phases.thinning", 1.9, "rg.phases.thinning: found 1.9; input should be greater than or equal to 2"),
    ("rg.classifiers.learning_rate", 0.0, "rg.classifiers.learning_rate: found 0.0; input should be greater than 0"),
    ("rg.classifiers.main.networks", 0, "rg.classifiers.main.networks: found 0"),
    ("rg.classifiers.main.depth", 3, "rg.classifiers.main.depth: is not a known key"),
    (
        "rg.classifiers.variants.main",
        {"width": 4, "networks": 1, "max_epochs": 1},
        "rg.classifiers.variants: 'main' is taken; use another name",
    ),
    ("rg.classifiers.variants.a b", {"width": 4, "networks": 1, "max_epochs": 1}, "rg.classifiers.variants.a b"),
    ("rg.classifiers.variants.narrow.width", 2.5, "rg.classifiers.variants.narrow.width: found 2.5"),
    ("rg.critical.chains", 1, "rg.critical.chains: found 1; input should be greater than or equal to 2"),
    ("rg.critical.beta", -0.44, "rg.critical.beta: found -0.44; input should be greater than 0"),
    ("rg.mapping.least_effective", 1.0, "rg.mapping.least_effective: found 1.0; input should be less than 1"),
    ("rg.mapping.points", 2, "rg.mapping.points: found 2"),
    ("rg.mapping.bins", 201, "rg.mapping.bins: found 201; allowed is at most the number of chains"),
    ("rg.replicas.number", 101, "rg.replicas: 101 replicas of 10000 configurations; rg.critical has 800000"),
    ("rg.replicas.configurations", 10001, "rg.replicas.configurations: found 10001; allowed are multiples of"),
    ("rg.iteration.chains", 9, "rg.iteration.chains: found 9; input should be greater than or equal to 10"),
    ("rg.replicas.bins", 2, "rg.replicas.bins: found 2"),
    (
        "rg.reweighted.betas",
        [0.40, 0.45],
        "rg.direct.metropolis_beta: found 0.43; allowed are those of rg.reweighted.betas",
    ),
    (
        "rg.direct.metropolis_beta",
        0.44,
        "rg.direct.metropolis_beta: found 0.44; allowed are those of rg.reweighted.betas",
    ),
    ("rg.direct.fields", [-0.02, 0.0], "rg.direct.fields: found -0.02, which is not on the grid"),
    ("rg.direct.metropolis_fields", [0.02], "rg.direct.metropolis_fields: found 0.02, which is"),
    ("rg.direct.fields", [0.0, -0.001], "rg.direct.fields: found [0.0, -0.001]; must be in strictly increasing order"),
    ("rg.direct.fields", [float("inf")], "rg.direct.fields.0: found inf"),
    ("rg.direct.fields", [0.0011], "rg.direct.fields: found 0.0011, which is not on the grid"),
    ("rg.iteration.starts", [0.2], "rg.iteration.starts: found 0.2, outside the range 0.27 to 0.61"),
    ("rg.critical.beta", 0.7, "rg.critical.beta: found 0.7, outside the range 0.27 to 0.61"),
    ("rg.reweighted.betas", [0.1, 0.43], "rg.reweighted.betas: found 0.1, outside the range"),
    ("rg.iteration.steps", 0, "rg.iteration.steps: found 0"),
    ("rg.transfer.beta", "hot", "rg.transfer.beta: found 'hot'"),
    ("figures.dpi", 10, "figures.dpi: found 10"),
]


@pytest.mark.parametrize(("key", "value", "expected"), BAD, ids=[f"{k}={v}" for k, v, _ in BAD])
def test_bad_values_are_refused_in_one_sentence(key, value, expected):
    assert_refused(key, value, expected)


def test_missing_keys_are_named():
    settings = copy.deepcopy(DEFAULT)
    del settings["training"]["patience"]
    with pytest.raises(ConfigError, match=r"training\.patience: is missing"):
        check(settings)


def test_a_name_in_both_tables_of_sweeps_is_refused():
    with pytest.raises(ConfigError, match="stands in exact_sweeps too"):
        check(changed("neural_sweeps.ising", DEFAULT["neural_sweeps"]["spins"]))


def test_text_that_reads_as_a_number_is_one():
    """YAML reads 1e-3 as text, and so does --config with the items of a list."""
    assert check(changed("training.learning_rate", "1e-3")).training.learning_rate == 1e-3
    assert check(changed("temperatures", ["2", "2.5"])).temperatures == [2.0, 2.5]
    assert check(changed("seed", "12")).seed == 12


def test_duplicate_keys_are_refused(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("training:\n  patience: 3\n  max_epochs: 2\n  patience: 4\n")
    with pytest.raises(ConfigError, match=r"c\.yaml, line 4: key 'patience' is given twice"):
        check_file(path)
    path.write_text("- 1\n")
    with pytest.raises(ConfigError, match="holds no keys"):
        check_file(path)
    path.write_text("a: [1\n")
    with pytest.raises(ConfigError, match="not valid YAML"):
        check_file(path)


def merged(base, overlay):
    result = dict(base)
    for key, value in overlay.items():
        result[key] = merged(base[key], value) if isinstance(value, dict) and key in base else value
    return result


@pytest.mark.parametrize("preset", sorted((ROOT / "config/presets").glob("*.yaml")), ids=lambda p: p.stem)
def test_presets_are_valid_overlays(preset):
    check_file(preset)
    assert check(merged(DEFAULT, yaml.safe_load(preset.read_text()))).seed == DEFAULT["seed"]


def test_defaults_are_valid_and_every_key_is_commented():
    check_file(ROOT / "config/config.yaml")
    assert check(DEFAULT).seed == DEFAULT["seed"]
    sections = {"exact_sweeps", "ensembles", "datasets", "models", "neural_sweeps", "encoder"}
    names = {name for section in sections for name in DEFAULT[section]}
    for line in (ROOT / "config/config.yaml").read_text().splitlines():
        key = re.match(r"\s*(\w+):", line)
        if key and key[1] not in names:
            assert "#" in line, f"no comment: {line}"


def test_schema_is_current():
    """Regenerate with: python -m spinnet.config > workflow/schemas/config.schema.json."""
    assert json.loads((ROOT / "workflow/schemas/config.schema.json").read_text()) == schema()
