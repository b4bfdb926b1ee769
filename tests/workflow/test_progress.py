"""What `make` shows of a run: lines about the whole, three at its end, and errors; Snakemake's own are in its log."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import PRESET, TARGET

DEVIATION = "results/analysis/deviation_spins.nc"


@pytest.fixture
def made(finished, copy):
    """A finished run, without the figure and one of the files that it is drawn from."""
    workflow = copy("progress")
    for name in ("results", ".snakemake"):
        shutil.copytree(finished.folder / name, workflow.folder / name)
    for name in (TARGET, DEVIATION):
        (workflow.folder / name).unlink()
    return workflow.folder


def make_fig4(folder, **environment):
    """What `make fig4` runs, with the smoke preset: (exit status, lines on the terminal)."""
    asked = ["make", "--no-print-directory", "-n", "fig4", "CORES=2", f"BIN={Path(sys.executable).parent}"]
    recipe = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    command = [*shlex.split(recipe), "--configfile", PRESET]
    run = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True)
    own = ("Using workflow specific profile", "Config file config/config.yaml is extended")
    return run.returncode, [line for line in (run.stdout + run.stderr).splitlines() if not line.startswith(own)]


def test_a_run_says_what_it_does_and_what_it_has_made(made):
    status, lines = make_fig4(made)
    assert status == 0, lines
    first, where, distance, following = lines
    assert first.startswith(f"{TARGET}: 2 jobs, about 10 seconds on 2 cores; log: .snakemake/log/")
    assert "2 of 2 steps (100%) done" in (made / first.rpartition("log: ")[2]).read_text()
    assert where == f"made: {TARGET}"
    for curve in ("spins", "stride1", "stride1_spin_moves", "stride2"):
        assert f" {curve} " in distance
    assert following.startswith("next: ")
    assert make_fig4(made) == (0, ["Nothing to be done (all requested files are present and up to date)."])


def test_a_job_that_fails_is_told_as_by_snakemake(made):
    status, lines = make_fig4(made, MPLBACKEND="none_such")
    assert status != 0
    assert "Error in rule fig4:" in lines
    assert [line for line in lines if line.startswith("ValueError: Key backend")]
    assert lines[0].rpartition("log: ")[2] == lines[-3].removeprefix("Snakemake's log: ")
    assert not [line for line in lines if line.startswith(("made:", "Job ", "Finished"))]
