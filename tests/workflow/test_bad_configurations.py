"""Bad configurations through the real Snakemake: one sentence, no traceback, and nothing is made."""

import pytest

OVERLAYS = [  # text of a file behind --configfile, and what is said of it
    ("seed: abc", "configuration: seed: found 'abc'; must be an integer"),
    ("sede: 1", "configuration: sede: is not a known key"),
    ("figures: 3", "configuration: figures: found 3; must be a section with keys"),
    ("training:\n  patience: 3\n  patience: 4", "line 3: key 'patience' is given twice; keep one"),
    ("seed: 12:30:45", "line 1: found '12:30:45', which YAML takes for a number to base 60"),
    ("training: {batches_per_epoch: 100000}", "training.batches_per_epoch: found 100000, but models.spins has only"),
    ("encoder: {layered: [nothing]}", "encoder.layered: found 'nothing'; allowed are"),
    ("encoder: {orders: {orders: [raster]}}", "encoder.orders.orders: found 'raster', the order of 'quick' itself"),
    ("operators: {networks: {coulomb: {start: coulomb_thermal}}}", "which starts from 'coulomb' itself"),
    ("ensembles: {mine: {file: results/fig3.pdf, temperature: 2}}", "must not lie in results/"),
    ("ensembles: {mine: {file: 'none*.npy', temperature: 2}}", "ensembles.mine.file: no file 'none*.npy' was found"),
    ("ensembles: {'$(touch x)': {file: a.npy, temperature: 2}}", "a name starts with a letter"),
    ("seed: !!python/object/apply:os.system ['touch hacked']", "Config file is not valid JSON or YAML"),
    (
        "neural_sweeps: {spins: {sweeps: 1000000000}}",
        "neural_sweeps.spins.sweeps: found 1000000000; the sweep 'spins' wou",
    ),
    ("memory_gb: 0.000001", "GB of memory, allowed are 1e-06 GB, as memory_gb says"),
]

IN_PLACE = [  # what is added to config/config.yaml itself, which no overlay repairs
    (b"# f\xfcr alle\n", "that is no UTF-8 text"),
    (b"\tfigures: 3\n", "config/config.yaml, line"),
    (b"seed: 1\n", "key 'seed' is given twice; keep one"),
]


@pytest.fixture(scope="module")
def workflow(copy):
    return copy("bad_configurations")


def assert_refused(workflow, result, sentence):
    text = result.stdout + result.stderr
    assert result.returncode != 0
    assert sentence in text
    assert "Traceback" not in text
    assert not (workflow.folder / "results").exists()
    assert not (workflow.folder / "hacked").exists()


@pytest.mark.parametrize(("overlay", "sentence"), OVERLAYS, ids=[o for o, _ in OVERLAYS])
def test_bad_overlays_are_refused(workflow, overlay, sentence):
    (workflow.folder / "overlay.yaml").write_text(overlay + "\n")
    assert_refused(workflow, workflow.run("-n", "all", overlays=["overlay.yaml"]), sentence)


@pytest.mark.parametrize("setting", ["seed=abc", "training={patience: 0}", "nothing=1", "temperatures=[2, 1]"])
def test_bad_settings_on_the_command_line_are_refused(workflow, setting):
    result = workflow.run("-n", "all", "--config", setting)
    assert_refused(workflow, result, f"configuration: {setting.split('=')[0]}")


@pytest.mark.parametrize(("added", "sentence"), IN_PLACE, ids=["latin", "tab", "twice"])
def test_bad_changes_of_the_main_file_are_refused(copy, added, sentence):
    workflow = copy("in_place")
    path = workflow.folder / "config/config.yaml"
    path.write_bytes(path.read_bytes() + added)
    assert_refused(workflow, workflow.run("-n", "all"), sentence)


def test_a_run_that_cannot_fit_makes_nothing(workflow):
    """Not a dry run: refused before its first job."""
    (workflow.folder / "overlay.yaml").write_text("ensembles: {ising: {samples: 1000000000}}\n")
    result = workflow.run("results/fig4.pdf", overlays=["overlay.yaml"])
    assert_refused(
        workflow, result, "ensembles.ising.samples: found 1000000000; the ensemble 'ising' would need at least"
    )
