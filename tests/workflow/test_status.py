"""`make status`: what is there and what is running, without a trace, also during a run."""

import os
import shutil
import subprocess
import sys

from running import PRESET, Folder

from spinnet.status import COLUMNS, running

ENSEMBLE = "results/ensembles/ising.nc"


def status(folder, *arguments):
    """({folder of results: numbers of files}, list of lines about jobs, output) of what `make status` runs."""
    command = [sys.executable, "-m", "spinnet.status", *arguments]
    environment = os.environ | {"PYTHONPATH": "workflow/scripts"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    table, _, jobs = run.stdout.partition("\n\n")
    rows = [line.rsplit(maxsplit=len(COLUMNS)) for line in table.splitlines()[1:]]
    return {name: dict(zip(COLUMNS, map(int, n), strict=True)) for name, *n in rows}, jobs.splitlines(), run


def traces(folder):
    """{path: (size, time of change)} of all that a run could change, but for Snakemake's logs and memory of files."""
    own = (p.name for p in (folder / ".snakemake").iterdir() if p.name not in ("log", "iocache"))
    names = ["results", *(f".snakemake/{name}" for name in own)]
    paths = (p for name in names for p in (folder / name).rglob("*"))
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in paths}


def test_a_finished_run_is_ready_and_status_leaves_no_trace(finished):
    recipe = subprocess.run(["make", "-n", "status"], cwd=finished.folder, capture_output=True, text=True)
    assert "-m spinnet.status" in recipe.stdout
    before = traces(finished.folder)
    table, jobs, _ = status(finished.folder, "--configfile", PRESET)
    assert traces(finished.folder) == before
    assert table["all"]["files"] == table["all"]["ready"] > 300
    folders = {path.name for path in (finished.folder / "results").iterdir() if path.is_dir()}
    assert set(table) - folders == {"all", "figures and tables"}
    assert jobs == ["0 jobs running on this machine"]


def test_other_settings_and_missing_files_are_counted(finished, copy):
    workflow = copy("status")
    for name in ("results", ".snakemake"):
        shutil.copytree(finished.folder / name, workflow.folder / name)
    (workflow.folder / "results/fig3.pdf").unlink()
    table, _, _ = status(workflow.folder, "all", "--configfile", PRESET, "--config", "ancestral_samples=201")
    assert table["figures and tables"]["missing"] == 1
    assert table["analysis"]["out of date"] > 0
    assert table["models"] == {
        "files": table["models"]["files"],
        "ready": table["models"]["files"],
        "out of date": 0,
        "missing": 0,
    }


def test_a_running_job_is_shown_with_its_log_and_not_disturbed(tmp_path):
    folder = Folder(tmp_path)
    run = folder.start(target=ENSEMBLE)
    assert run.until(lambda: running(folder.path))
    for job in folder.jobs():
        job.suspend()  # or it may end before it is looked for
    _, jobs, output = status(folder.path, ENSEMBLE, "--configfile", PRESET)
    for job in folder.jobs():
        job.resume()
    returncode, text = run.wait()
    assert returncode == 0, text
    assert output.returncode == 0, output.stderr
    assert jobs[0] == "1 jobs running on this machine"
    assert jobs[1].startswith("results/logs/ensemble_ising.log, for 0.")
    assert status(folder.path, ENSEMBLE, "--configfile", PRESET)[0]["all"]["ready"] == 1


def test_a_mistake_in_the_configuration_is_one_sentence(finished):
    _, _, output = status(finished.folder, "--config", "device=gpu")
    assert output.returncode == 1
    assert "configuration: device: found 'gpu'" in output.stderr
    assert "Traceback" not in output.stderr
