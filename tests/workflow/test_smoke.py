"""The smoke preset end to end through the real Snakefile."""

import csv
import json
import re
import shutil
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from safetensors.numpy import load_file

RG_FILES = [
    f"rg/{name}"
    for name in (
        "phases/L8", "ensembles/critical_L32_0", "blocked/critical_L32_0", "observables/main/critical_L32_0",
        "mapping_critical", "mapping_field", "replicas", "reweighted", "direct/0.43_wolff", "search",
        "sensitivity", "moments/critical_L32_0", "mcrg",
    )
]  # fmt: skip
OPERATOR_FILES = [
    f"operators/{name}"
    for name in (
        "data/targeted_L8_0", "data/potts_0", "data/thermal_0", "predictions/classes_L4_1_40",
        "predictions/energy_L8_0_20", "predictions/magnetization_L8_0_20", "chains/classes_L4", "chains/coulomb",
        "density_of_states_L8", "couplings/coulomb", "split", "baselines", "speed", "activations",
    )
]  # fmt: skip
OPERATOR_FIGURES = [
    f"operators/{name}" for name in (*(f"fig{i}" for i in range(1, 16)), "confusion", "speed", "baselines")
]
ENCODER_FILES = [
    f"encoder/{name}"
    for name in (
        "couplings/local", "couplings/symmetric", "coverage/0", "trust/spins", "importance/symmetric",
        "algorithms/spins", "blocks", "ring",
    )
]  # fmt: skip
ENCODER_FIGURES = [
    f"encoder/{name}"
    for name in ("encoders", "sizes", "interactions", "couplings", "trust", "sampling", "blocks", "ring", "claims")
]
CALIBRATION_FILES = ["calibration/truth", "calibration/exponents_0", "calibration/gaps_0"]
MAIN_FILES = ["ensembles/ising", "datasets/spins", "datasets/stride1", "sweeps/spins"]


def test_figures_are_drawn(finished):
    for name in (
        "fig3",
        "fig4",
        *(f"rg/fig{i}" for i in range(1, 8)),
        "rg/theta_y",
        "rg/claims",
        *ENCODER_FIGURES,
        *OPERATOR_FIGURES,
        "calibration",
    ):
        content = (finished.folder / f"results/{name}.pdf").read_bytes()
        assert content.startswith(b"%PDF")
        assert len(content) > 8_000


def test_tables_beside_the_figures_have_rows_of_numbers(finished):
    for name in (*ENCODER_FIGURES, "calibration"):
        with (finished.folder / f"results/{name}.csv").open() as file:
            rows = list(csv.DictReader(file))
        assert rows, name
        assert any(np.isfinite(float(value)) for value in rows[0].values() if re.fullmatch(r"[-+.e\d]+", value)), name


def test_second_run_has_nothing_to_do(finished):
    assert finished.planned("all") == set()
    assert "Nothing to be done" in finished.run("results/fig4.pdf").stderr


@pytest.mark.parametrize("path", [*MAIN_FILES, *ENCODER_FILES, *RG_FILES, *OPERATOR_FILES, *CALIBRATION_FILES])
def test_files_can_be_read_by_anybody(finished, path):
    with xr.open_dataset(finished.folder / f"results/{path}.nc") as data:
        assert data.attrs["title"]
        assert json.loads(data.attrs["settings"])["code"]
        assert all("units" in v.attrs or v.dtype.kind in "biUO" for v in data.variables.values()), data


def test_names_and_shapes_that_others_build_on(finished):
    results = finished.folder / "results"
    with xr.open_dataset(results / "ensembles/ising.nc") as data:
        assert data["spins"].dims == ("temperature", "sample", "row", "column")
        assert data["spins"].dtype == np.int8
    shapes = {"spins": 8, "stride1": 7, "stride2": 4, "majority": 4}
    for name, size in shapes.items():
        with xr.open_dataset(results / f"datasets/{name}.nc") as data:
            assert data["values"].shape == (1, 1200, size, size)
    for name in ("ising", "spins", "stride1", "stride1_spin_moves", "stride2"):
        with xr.open_dataset(results / f"sweeps/{name}.nc") as data:
            for variable in ("magnetization", "energy"):
                assert data[variable].dims == ("temperature", "start", "chain")
                assert data[variable + "_error"].dims == ("temperature", "start")
            assert data.temperature.values.tolist() == [1.5, 2.0, 2.25, 2.5, 3.0]
    header = json.loads((results / "models/stride1.json").read_text())
    assert load_file(results / "models/stride1.safetensors")["layers.0.weight"].shape == (24, 49 * 5)
    assert header["alphabet"] == [-4, -2, 0, 2, 4]


def test_no_kernel_was_compiled_twice(finished):
    """Jobs that need the same kernel at the same time compile it once; a kernel has an entry for each signature."""
    logs = (p.read_text() for p in (finished.folder / "results/logs").glob("*.log"))
    compiled = Counter(name for text in logs for name in re.findall(r"^compiled (\S+) in", text, re.M))
    for name, times in compiled.items():
        module, _, function = name.rpartition(".")
        kernel = getattr(import_module(f"spinnet.{module}"), function)
        assert times <= len(list(Path(kernel.stats.cache_path).glob(f"*.{function}-*.nbc"))), name


def test_every_job_has_a_log_and_a_benchmark(finished):
    logs = {p.stem for p in (finished.folder / "results/logs").glob("*.log")}
    benchmarks = {p.stem for p in (finished.folder / "results/benchmarks").glob("*.tsv")}
    assert logs == benchmarks
    assert {"ensemble_ising", "model_spins", "sweep_spins.0", "fig4"} <= logs
    assert "best" in (finished.folder / "results/logs/model_spins.log").read_text()


ONE_CORE = ["rg/blocked/critical_L32_1.nc", "operators/chains/coulomb.nc", "operators/split.nc"]
ONE_CORE += ["models/spins.safetensors", "rg/models/main_L16.safetensors"]
ON_THE_WAY = ["ensembles/ising.nc", "datasets/spins.nc", "operators/data/targeted_L8_0.nc"]
ON_THE_WAY += ["operators/models/coulomb_thermal_0_200.safetensors"]
JOINED = ["sweeps/ising.nc", "sweeps/spins.nc"]


def test_results_do_not_depend_on_cores_and_order(finished, copy):
    """One core, jobs in another order, other chunks: the same arrays, and the same bytes where chunks agree."""
    other = copy("one_core")
    targets = [f"results/{name}" for name in (*ONE_CORE, *JOINED)]
    result = other.run(*targets, "--config", "temperatures_per_job=2", cores=1)
    assert result.returncode == 0, result.stdout + result.stderr
    for name in (*ONE_CORE, *ON_THE_WAY):
        first, second = (w.folder / "results" / name for w in (finished, other))
        assert first.read_bytes() == second.read_bytes(), name
    for name in JOINED:
        first, second = (xr.load_dataset(w.folder / "results" / name) for w in (finished, other))
        xr.testing.assert_identical(first.drop_attrs(), second.drop_attrs())


def test_a_broken_file_stops_the_run_with_a_sentence(copy):
    """A truncated data set is refused before any job starts."""
    workflow = copy("broken")
    assert workflow.run("results/datasets/spins.nc").returncode == 0
    path = workflow.folder / "results/datasets/spins.nc"
    path.write_bytes(path.read_bytes()[:500])
    result = workflow.run("results/models/spins.safetensors")
    assert result.returncode != 0
    assert "results/datasets/spins.nc: cannot be trusted (it is empty, cut off" in result.stderr
    assert "--force results/datasets/spins.nc --configfile config/presets/smoke.yaml" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert not (workflow.folder / "results/models/spins.safetensors").exists()


def test_the_table_holds_every_quantity_with_its_exact_value(finished):
    with (finished.folder / "results/rg/table1.csv").open() as file:
        rows = list(csv.DictReader(file))
    exact = {r["quantity"]: float(r["exact"]) for r in rows if r["exact"]}
    expected = {"beta_c": 0.4406868, "nu": 1, "alpha": 0, "beta": 1 / 8, "gamma": 7 / 4, "beta_c triangular": 0.2746531}
    assert {name: exact[name] for name in expected} == pytest.approx(expected, abs=1e-6)
    pulls = [float(r["pull"]) for r in rows if r["method"].startswith("double") and r["quantity"] in ("beta_c", "nu")]
    assert len(pulls) == 2
    assert max(map(abs, pulls)) < 4.5
    assert "control" in (finished.folder / "results/rg/table1.md").read_text()


@pytest.mark.parametrize(
    ("setting", "target", "sentence"),
    [
        (
            "rg: {phases: {symmetric: [0.3, 0.439], broken: [0.441, 0.6]}}",
            "results/rg/models/main_L8.safetensors",
            "results/rg/phases/L8.nc, needed is 0.95: it did not separate the phases",
        ),
        ("rg: {mapping: {beta_range: 0.5}}", "results/rg/mapping_critical.nc", "lower rg.mapping.beta_range"),
        ("rg: {critical: {beta: 0.42, jobs: 1, chains: 20}}", "results/rg/mapping_critical.nc", "do not cross"),
        (
            "operators: {data: {coulomb: {k: 0.01}}}",
            "results/operators/data/coulomb_0.nc",
            "coulomb",
        ),
        (
            "operators: {targeted: {width: 40.0, most: 40000}}",
            "results/operators/data/targeted_L8_0.nc",
            "-128 J has 0 of 20 examples for the part 'train' after",
        ),
    ],
)
def test_impossible_settings_are_found_by_the_job(copy, finished, setting, target, sentence):
    """In a copy of the finished run, so that only the jobs behind the setting run."""
    workflow = copy("impossible")
    for name in ("results", ".snakemake"):
        shutil.copytree(finished.folder / name, workflow.folder / name, dirs_exist_ok=True)
    (workflow.folder / "overlay.yaml").write_text(setting + "\n")
    result = workflow.run(target, overlays=["overlay.yaml"])
    assert result.returncode != 0
    assert sentence in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_the_table_of_operators_has_every_row_of_the_paper(finished):
    with (finished.folder / "results/operators/table.csv").open() as file:
        rows = list(csv.DictReader(file))
    owed = {1, 3, 4, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25}
    assert {int(r["row"][1:]) for r in rows} == owed
    assert all(np.isfinite(float(r["value"])) for r in rows)
    pairs = [r for r in rows if r["quantity"].startswith("pair products")]
    assert pairs[0]["row"] == "M22"
    assert "times slower than the same sum folded once" in (finished.folder / "results/operators/table.md").read_text()


def test_own_configurations_get_their_page(finished, copy):
    """The spins of the smoke ensemble as a user's file of zeros and ones; the same model and page, and nothing else."""
    workflow = copy("own")
    with xr.open_dataset(finished.folder / "results/ensembles/ising.nc") as ensemble:
        np.save(workflow.folder / "mine.npy", (ensemble["spins"].values[0] + 1) // 2)
    (workflow.folder / "overlay.yaml").write_text("ensembles: {mine: {file: mine.npy, temperature: 2.5}}\n")
    result = workflow.run("results/encoder/own_mine.pdf", overlays=["overlay.yaml"])
    assert result.returncode == 0, result.stdout + result.stderr
    with xr.open_dataset(workflow.folder / "results/ensembles/mine.nc") as mine:
        assert sorted(np.unique(mine["spins"])) == [-1, 1]
    with (workflow.folder / "results/encoder/own_mine.csv").open() as file:
        quantities = {row["quantity"] for row in csv.DictReader(file)}
    assert {"magnetization", "learned_energy"} <= quantities
    np.save(workflow.folder / "mine.npy", np.full((300, 8, 8), np.nan))
    refused = workflow.run("results/encoder/own_mine.pdf", overlays=["overlay.yaml"])
    assert refused.returncode != 0
    assert "mine.npy" in refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr
    (workflow.folder / "mine.npy").unlink()
    missing = workflow.run("-n", "results/encoder/own_mine.pdf", overlays=["overlay.yaml"])
    assert "ensembles.mine.file: no file 'mine.npy' was found" in missing.stdout + missing.stderr
