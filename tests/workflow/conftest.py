"""A copy of the repository in which real Snakemake runs."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from running import copy_repository


class Started:
    """Snakemake, imported once by a process that forks for each call."""

    def __init__(self, folder):
        command = [sys.executable, Path(__file__).parent / "snakemake_server.py"]
        self._outputs = [folder / "output", folder / "errors"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, arguments, folder, environment):
        """As `subprocess.run` of `python -m snakemake`."""
        call = {"arguments": arguments, "folder": str(folder), "environment": environment}
        print(json.dumps(call | {"outputs": [str(p) for p in self._outputs]}), file=self.process.stdin, flush=True)
        status = int(self.process.stdout.readline())
        return subprocess.CompletedProcess(arguments, status, *(p.read_text() for p in self._outputs))


@pytest.fixture(scope="session")
def started(tmp_path_factory):
    started = Started(tmp_path_factory.mktemp("started"))
    with started.process:  # ends with its standard input
        yield started


class Workflow:
    """Snakemake, run with the smoke preset in `folder`; a dry run is one of the `started`."""

    def __init__(self, folder, started):
        self.folder, self._started = folder, started

    def run(self, *arguments, overlays=(), cores=2):
        """Run snakemake; returns the finished process with its output as text."""
        arguments = ["--cores", str(cores), *arguments, "--configfile", "config/presets/smoke.yaml", *overlays]
        if "-n" in arguments:
            return self._started(arguments, self.folder, dict(os.environ))
        command = [sys.executable, "-m", "snakemake", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)

    def planned(self, *arguments, overlays=()):
        """The set of messages of the jobs that a dry run lists."""
        result = self.run("-n", *arguments, overlays=overlays)
        assert result.returncode == 0, result.stderr
        return set(re.findall(r"^Job \d+: (.*)$", result.stdout + result.stderr, re.M))


@pytest.fixture(scope="session")
def copy(tmp_path_factory, started):
    """Make a clean copy of the files under version control."""

    def make(name):
        folder = tmp_path_factory.mktemp(name)
        copy_repository(folder)
        return Workflow(folder, started)

    return make


@pytest.fixture(scope="session")
def finished(copy, started, tmp_path_factory, worker_id):
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
    return Workflow(folder, started)


def run_everything(workflow):
    """The workflow after a run of all targets."""
    result = workflow.run("all")
    assert result.returncode == 0, result.stdout + result.stderr
    return workflow
