"""The smoke preset through a real SLURM: the bytes of a local run, and no kernel compiled by two jobs."""

import os
import re
import time

import pytest
from running import Folder
from slurm import SAVED, Slurm, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "nothing is missing")

SLURM = ("--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "1")
GENERIC = ("--profile", "profiles/generic")
PATIENCE = 3000  # seconds
CHUNK = "results/sweeps/stride2/0.nc"
KERNELS = "kernels"


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    with Slurm(tmp_path_factory.mktemp("slurm")) as slurm:
        yield slurm


@pytest.fixture(scope="module")
def submitted(slurm, tmp_path_factory):
    """A folder in which everything up to Fig. 4 was made through profiles/slurm, with its output and its results."""
    folder = Folder(tmp_path_factory.mktemp("submitted"))
    environment = slurm.environment | {"NUMBA_CACHE_DIR": str(folder.path / KERNELS)}
    status, text = folder.start(*SLURM, environment=environment).wait(PATIENCE)
    assert status == 0, text
    return folder, text, folder.content()


@pytest.fixture(scope="module")
def local(submitted):
    """The same folder after everything was made again without a cluster."""
    folder, _, _ = submitted
    folder.wipe()
    status, text = folder.start().wait(PATIENCE)
    assert status == 0, text
    return folder


def test_what_takes_long_ran_on_the_cluster(slurm, submitted):
    """1 ensemble, 3 data sets, 3 networks, 2 + 8 chunks of sweeps; joining and drawing ran beside Snakemake."""
    _, text, _ = submitted
    assert text.count("has been submitted with SLURM jobid") == 17
    assert text.count("Finished jobid") == 28
    assert list(slurm.states().values()) == ["COMPLETED"] * 17


def test_slurm_knows_what_jobs_ask_for(slurm, submitted):  # noqa: ARG001, the jobs of it
    """Memory, minutes and cores of the rules; the training of networks needs more memory than its data."""
    lines = slurm.command("squeue", "--noheader", "--states=all", "--format=%k %m %l %C").splitlines()
    asked = {comment: request for comment, *request in map(str.split, lines)}
    assert asked["rule_dataset_wildcards_spins"] == ["601M", "5:00", "1"]
    assert asked["rule_model_wildcards_spins"] == ["1000M", "5:00", "1"]


def test_no_two_jobs_compiled_a_kernel(submitted):
    """Each job says in its log what it compiled; each kernel has one entry."""
    folder, _, _ = submitted
    logs = (p.read_text() for p in (folder.results / "logs").glob("*.log"))
    compiled = [name for text in logs for name in re.findall(r"^compiled (\S+) in", text, re.M)]
    assert compiled
    assert len(compiled) == len(list((folder.path / KERNELS).rglob("*.nbc")))


def test_results_are_those_of_a_local_run(submitted, local):
    _, _, results = submitted
    again = local.content()
    assert set(results) == set(again)
    assert [name for name in results if results[name] != again[name]] == []


@pytest.mark.parametrize("profile", [SLURM[:2], GENERIC])
def test_content_decides_what_reruns_under_every_profile(slurm, local, profile):
    """Nothing after touching and commenting; one chunk after its file was deleted."""
    os.utime(local.path / "results/ensembles/ising.nc")
    script = local.path / "workflow/scripts/sweep_neural.py"
    script.write_text(script.read_text() + "\n# a remark\n")
    status, text = local.run("-n", *profile, environment=slurm.environment)
    assert status == 0, text
    assert "Nothing to be done" in text


def test_a_generic_scheduler_gives_the_same_bytes(slurm, local):
    path = local.path / CHUNK
    before = path.read_bytes()
    path.unlink()
    status, text = local.run(*GENERIC, target=CHUNK, environment=slurm.environment)
    assert status == 0, text
    assert "with external jobid" in text
    assert path.read_bytes() == before


def test_a_job_that_the_scheduler_ends_is_tried_once_more(slurm, local):
    path = local.path / CHUNK
    before = path.read_bytes()
    path.unlink()
    running = local.start(*SLURM, target=CHUNK, environment=slurm.environment)
    (number,) = running.until(slurm.jobs, pause=0.1)
    slurm.command("scancel", number)
    status, text = running.wait(PATIENCE)
    assert status == 0, text
    assert f"SLURM-job '{number}' failed, SLURM status is: 'CANCELLED'" in text
    assert text.count("has been submitted with SLURM jobid") == 2
    assert path.read_bytes() == before


def test_daemons_survive_a_crash(slurm):
    """Used by the fault tests: a job runs on while controller and node daemon are killed and started again."""
    number = slurm.command("sbatch", "--parsable", "--output=/dev/null", "--wrap=sleep 12").strip()
    assert slurm.wait_for(number, "RUNNING")
    time.sleep(SAVED)
    for name in ("slurmctld", "slurmd"):
        slurm.kill(name)
        assert name not in slurm.daemons
        slurm.start(name)
    assert slurm.wait_for(number, "COMPLETED")
