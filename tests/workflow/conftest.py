"""A copy of the repository in which real Snakemake runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from running import copy_repository


class Workflow:
    """Snakemake, run with the smoke preset in `folder`."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *arguments, overlays=(), cores=2):
        """Run snakemake; returns the finished process with its output as text."""
        command = [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments]
        command += ["--configfile", "config/presets/smoke.yaml", *overlays]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)

    def planned(self, *arguments, overlays=()):
        """The set of messages of the jobs that a dry run lists."""
        result = self.run("-n", *arguments, overlays=overlays)
        assert result.returncode == 0, result.stderr
        return set(re.findall(r"^Job \d+: (.*)$", result.stdout + result.stderr, re.M))


@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    """Make a clean copy of the files under version control."""

    def make(name):
        folder = tmp_path_factory.mktemp(name)
        copy_repository(folder)
        return Workflow(folder)

    return make


@pytest.fixture(scope="session")
def finished(copy, tmp_path_factory, worker_id):
    """The smoke preset, run to the end by two cores: every target.  Workers share the run, not its folder.

    The environment variable FINISHED_RUN names a folder where it is kept for other tests.
    """
    own = tmp_path_factory.getbasetemp()
    kept = Path(os.environ.get("FINISHED_RUN") or (own if worker_id == "master" else own.parent) / "finished")
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            shutil.move(run_everything(copy("everything")).folder, kept)
    folder = own / "copy_of_finished"
    shutil.copytree(kept, folder, symlinks=True)
    return Workflow(folder)


def run_everything(workflow):
    """The workflow after a run of all targets."""
    result = workflow.run("all")
    assert result.returncode == 0, result.stdout + result.stderr
    return workflow
