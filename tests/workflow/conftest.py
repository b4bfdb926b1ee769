"""A copy of the repository in which real Snakemake runs."""

import os
import re
import subprocess
import sys

import pytest
from running import copy_repository

from spinnet.digest import code_digest
from spinnet.environment import COMPILER


class Workflow:
    """Snakemake, run with the smoke preset in `folder`."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *arguments, overlays=(), cores=2):
        """Run snakemake; returns the finished process with its output as text."""
        command = [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments]
        command += ["--configfile", "config/presets/smoke.yaml", *overlays]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA")}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)

    def planned(self, *arguments, overlays=()):
        """The set of messages of the jobs that a dry run lists."""
        result = self.run("-n", *arguments, overlays=overlays)
        assert result.returncode == 0, result.stderr
        return set(re.findall(r"^Job \d+: (.*)$", result.stdout + result.stderr, re.M))


@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    """Make a clean copy of the files under version control."""

    def make(name, compiled=True):
        """A new copy; without `compiled` its jobs compile the few kernels that they use."""
        folder = tmp_path_factory.mktemp(name)
        copy_repository(folder)
        if not compiled:
            scripts = folder / "workflow/scripts"
            cache = folder / ".snakemake/numba" / code_digest(scripts / COMPILER)
            cache.mkdir(parents=True)
            (cache / "compiled_2").touch()
        return Workflow(folder)

    return make


@pytest.fixture(scope="session")
def finished(copy):
    """The smoke preset, run to the end by two cores: every target."""
    workflow = copy("finished")
    result = workflow.run("all")
    assert result.returncode == 0, result.stdout + result.stderr
    return workflow
