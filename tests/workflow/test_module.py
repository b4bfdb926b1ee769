"""The workflow as a module of another one, which gives it a configuration and uses its files."""

import os
import subprocess
import sys

import pytest
import yaml

OTHER = """
configfile: "other.yaml"


module neural:
    snakefile:
        "{snakefile}"
    config:
        config["neural"]
{prefix}

use rule * from neural as neural_*


onstart:
    neural.onstart()


rule weigh:
    default_target: True
    input:
        "{root}results/rg/fig7.pdf",
        "{root}results/analysis/likelihood_spins.nc",
    output:
        "weight.txt",
    shell:
        "cat {{input}} | wc -c > {{output}}"
"""
PREFIX = """
    prefix:
        "study"
"""


class Other:
    """A workflow in a folder of its own that uses the one in the folder `library`."""

    def __init__(self, folder, library, prefix=""):
        self.folder, self.library = folder, library
        snakefile = OTHER.format(snakefile=library / "Snakefile", prefix=prefix, root="study/" if prefix else "")
        (folder / "Snakefile").write_text(snakefile)
        self.configure(yaml.safe_load((library / "config/presets/smoke.yaml").read_text()))

    def configure(self, settings):
        (self.folder / "other.yaml").write_text(yaml.safe_dump({"of_the_other": 1, "neural": settings}))

    def run(self, *arguments):
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def library(copy):
    return copy("library").folder


@pytest.fixture(scope="module")
def other(library, tmp_path_factory):
    """After its first run."""
    other = Other(tmp_path_factory.mktemp("other"), library)
    other.first = other.run()
    assert other.first.returncode == 0, other.first.stdout + other.first.stderr
    return other


def same(finished, folder, names):
    return [n for n in names if (finished.folder / "results" / n).read_bytes() != (folder / n).read_bytes()] == []


def test_the_other_workflow_gets_the_same_files(finished, other):
    names = ["rg/fig7.pdf", "analysis/likelihood_spins.nc", "models/spins.safetensors", "datasets/spins.nc"]
    assert same(finished, other.folder / "results", names)
    size = sum((other.folder / "results" / name).stat().st_size for name in names[:2])
    assert int((other.folder / "weight.txt").read_text()) == size
    assert (other.folder / "results/logs/rg_fig7.log").exists()


def test_a_second_run_has_nothing_to_do(other):
    result = other.run()
    assert result.returncode == 0, result.stderr
    assert "Nothing to be done" in result.stdout + result.stderr


def test_its_onstart_refuses_a_damaged_file(other):
    path = other.folder / "results/datasets/spins.nc"
    whole, times = path.read_bytes(), path.stat()
    path.write_bytes(whole[:-1000] + bytes([whole[-1000] ^ 1]) + whole[-999:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    try:
        result = other.run("--force", "results/models/spins.safetensors")
    finally:
        path.write_bytes(whole)
    assert result.returncode != 0
    assert "results/datasets/spins.nc: cannot be trusted" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_a_mistake_in_its_configuration_is_one_sentence(library, tmp_path):
    other = Other(tmp_path, library)
    other.configure({"device": "gpu"})
    result = other.run("-n")
    text = result.stdout + result.stderr
    assert result.returncode != 0
    assert "configuration: device: found 'gpu'; input should be 'auto', 'cpu' or 'cuda'" in text
    assert "Traceback" not in text


def test_the_ledger_belongs_to_its_own_folder(other):
    result = other.run("-n", "results/ledger.html")
    assert result.returncode != 0
    assert "a module makes no ledger and no gallery" in result.stdout + result.stderr


def test_with_a_prefix_its_files_lie_in_a_folder(finished, other, tmp_path):
    prefixed = Other(tmp_path, other.library, PREFIX)
    result = prefixed.run("study/results/models/spins.safetensors")
    assert result.returncode == 0, result.stdout + result.stderr
    assert same(finished, tmp_path / "study/results", ["models/spins.safetensors", "datasets/spins.nc"])
