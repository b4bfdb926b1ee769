"""Ensembles and networks come out of a cache between working directories, exactly where nothing differs."""

import re

import numpy as np
import pytest

from spinnet.verify import artifacts, problems

OWN = "ensembles: {measured: {file: measured.npy, temperature: 2.3}}\n"
ENSEMBLE = "results/ensembles/ising.nc"
MODEL = ["results/models/spins.safetensors", "results/models/spins.json"]
CLASSIFIERS = ["results/rg/models/short_L8.safetensors", "results/rg/models/short_L8.json"]
OPERATOR = [
    "results/operators/models/classes_L4_0_20.safetensors", "results/operators/models/classes_L4_0_20.json",
    "results/operators/predictions/classes_L4_0_20.nc",
]  # fmt: skip
TARGETS = [MODEL[0], CLASSIFIERS[0], OPERATOR[0], "results/ensembles/measured.nc"]
CACHED = {ENSEMBLE, *MODEL, "results/rg/phases/L8.nc", *CLASSIFIERS, *OPERATOR, "results/ensembles/measured.nc"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The folder of the cache."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNAKEMAKE_OUTPUT_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def folders(copy, store):
    """A folder from which the cache was filled, and another with nothing in it."""
    first, second = prepared(copy("first")), prepared(copy("second"))
    result = first.run(*TARGETS, "--cache", overlays=["own.yaml"])
    assert result.returncode == 0, result.stdout + result.stderr
    assert named("Moving output file (.*) to cache", result) == CACHED
    assert len(list(store.glob("*/*"))) == len(CACHED)
    return first, second


@pytest.fixture(scope="module")
def second(folders):
    return folders[1]


def prepared(workflow, seed=1):
    """With an ensemble of the user's own."""
    (workflow.folder / "own.yaml").write_text(OWN)
    spins = np.random.default_rng(seed).choice([-1, 1], (400, 8, 8))
    np.save(workflow.folder / "measured.npy", spins.astype(np.int8))
    return workflow


def named(pattern, result):
    return set(re.findall(pattern, result.stdout + result.stderr))


def found(workflow, *overlays):
    """The files of a dry run that are in the cache."""
    result = workflow.run("-n", "--forceall", *TARGETS, "--cache", overlays=["own.yaml", *overlays])
    assert result.returncode == 0, result.stdout + result.stderr
    return named("Output file (.*) will be obtained from global between-workflow cache", result)


def firsts(paths):
    """Snakemake's dry run names one output of a job."""
    return {path for path in paths if path.endswith((".safetensors", ".nc")) and "predictions" not in path}


@pytest.mark.parametrize(
    ("overlay", "missing"),
    [
        ("seed: 3", firsts(CACHED) - {"results/ensembles/measured.nc"}),
        ("models: {spins: {hidden: [24, 17]}}", {MODEL[0]}),
        ("datasets: {spins: {configurations: 400}}", {MODEL[0]}),
        ("ensembles: {ising: {samples: 101}}", {ENSEMBLE, MODEL[0]}),
        ("rg: {phases: {samples: 101}}", {"results/rg/phases/L8.nc", CLASSIFIERS[0]}),
    ],
)
def test_other_settings_are_not_found(second, overlay, missing):
    (second.folder / "overlay.yaml").write_text(overlay)
    assert found(second, "overlay.yaml") == firsts(CACHED) - missing


@pytest.mark.parametrize(
    ("module", "missing"),
    [
        ("training", {MODEL[0], CLASSIFIERS[0], OPERATOR[0]}),
        ("classification", {CLASSIFIERS[0]}),
        ("samplers/ising", firsts(CACHED) - {OPERATOR[0]}),
        ("unused", set()),
    ],
)
def test_other_code_is_not_found(second, module, missing):
    path = second.folder / f"workflow/scripts/spinnet/{module}.py"
    before = path.read_text() if path.exists() else None
    try:
        path.write_text(f"{before or ''}\nEDITED = 1\n")
        assert found(second) == firsts(CACHED) - missing
    finally:
        path.unlink() if before is None else path.write_text(before)


def test_a_users_file_with_other_content_is_not_found(second):
    prepared(second, seed=2)
    assert found(second) == firsts(CACHED) - {"results/ensembles/measured.nc"}
    prepared(second)


def test_without_the_option_nothing_changes(second):
    """Snakemake caches no rule with a benchmark, so the benchmarks are there exactly without the option."""
    result = second.run("-n", "results/benchmarks/model_spins.tsv")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "between-workflow cache" not in result.stdout + result.stderr
    assert second.run("-n", "results/benchmarks/model_spins.tsv", "--cache").returncode != 0


def test_a_cache_needs_a_folder(second, monkeypatch):
    monkeypatch.delenv("SNAKEMAKE_OUTPUT_CACHE")
    result = second.run("-n", "--cache")
    assert result.returncode != 0
    assert "--cache needs a folder, in the variable SNAKEMAKE_OUTPUT_CACHE" in result.stdout + result.stderr


def test_the_figure_with_training_times_does_without(second):
    result = second.run("-n", "results/encoder/encoders.pdf", "--cache")
    assert result.returncode == 0, result.stdout + result.stderr


def test_another_folder_takes_the_same_bytes_and_refuses_damaged_ones(folders, store):
    first, second = folders
    assert found(second) == firsts(CACHED)
    result = second.run(*TARGETS, "--cache", overlays=["own.yaml"])
    assert result.returncode == 0, result.stdout + result.stderr
    assert named("Symlinking output file (.*) from cache", result) == CACHED
    assert named("Moving output file (.*) to cache", result) == set()
    for path in CACHED:
        assert (second.folder / path).resolve().is_relative_to(store)
        assert (second.folder / path).read_bytes() == (first.folder / path).read_bytes()
    assert problems(dict.fromkeys(artifacts(second.folder / "results"))) == {}

    kept = (second.folder / MODEL[0]).resolve()
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(content)
    result = second.run("results/analysis/likelihood_spins.nc", "--cache", overlays=["own.yaml"])
    assert result.returncode != 0
    assert f"{MODEL[0]}: cannot be trusted" in result.stdout + result.stderr
    assert f"# and remove {kept} from the cache" in result.stdout + result.stderr
