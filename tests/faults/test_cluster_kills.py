"""kill -9 of the controller and of the node daemon of a real SLURM, and of Snakemake while its jobs run there."""

import random
import re
import signal
import time

import pytest
from counts import record
from slurm import SAVED, Slurm, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "nothing is missing")

SLURM = ("--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "1")
NUMBER = 12
PATIENCE = 90  # seconds without a word, after which Snakemake waits for a job that the controller has forgotten


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    with Slurm(tmp_path_factory.mktemp("slurm")) as slurm:
        yield slurm


def test_kills_under_slurm_change_no_byte(folder, undisturbed, slurm):
    rng, hits, interrupted = random.Random(8), dict.fromkeys(("slurmctld", "slurmd", "snakemake"), 0), 0
    folder.wipe()
    status = None
    while status != 0:
        running = folder.start(*SLURM, environment=slurm.environment)
        while sum(hits.values()) < NUMBER and _submitted(running, rng):
            name = min(hits, key=lambda name: (hits[name], rng.random()))
            if name == "snakemake":
                assert running.signal(signal.SIGKILL)
                hits[name] += 1
                break
            _crash(slurm, running, name, rng)
            hits[name] += 1
        interrupted += _patiently(running)
        status, text = running.wait()
        if status == -signal.SIGKILL:
            _cancel(slurm, text)
            assert folder.unlock()[0] == 0
        assert folder.damaged() == []
    folder.check(undisturbed)
    assert min(hits.values()) > 0
    record(
        "kills under SLURM", injected=sum(hits.values()), survived=sum(hits.values()), interrupted=interrupted, **hits
    )


def _submitted(running, rng):
    """Wait for a few more submitted jobs, and a little; whether there were any."""
    number, end = running.text().count("has been submitted") + rng.randint(1, 3), time.monotonic() + PATIENCE

    def submitted():
        return running.text().count("has been submitted") >= number

    running.until(lambda: submitted() or time.monotonic() > end, pause=0.1)
    time.sleep(rng.uniform(0, 8))
    return running.alive() and submitted()


def _crash(slurm, running, name, rng):
    """Kill a daemon and start it again; jobs run on.

    A controller forgets the jobs of its last seconds, and then drains nodes that run them, which only an administrator
    can repair.  So Snakemake stands still until the controller has saved its state.
    """
    if name == "slurmctld":
        running.signal(signal.SIGSTOP)
        time.sleep(SAVED)
    slurm.kill(name)
    time.sleep(rng.uniform(0, 5))
    slurm.start(name)
    running.signal(signal.SIGCONT)


def _patiently(running):
    """Wait for the end; Ctrl-C if there is nothing new for long. Returns whether that was so."""
    seen, since = "", time.monotonic()
    while running.alive():
        if running.text() != seen:
            seen, since = running.text(), time.monotonic()
        if time.monotonic() - since > PATIENCE:
            running.signal(signal.SIGINT, group=True)
            running.wait()
            return True
        time.sleep(0.2)
    return False


def _cancel(slurm, text):
    """What a user types after a kill of Snakemake: end the jobs that run on, and wait for that."""
    run = re.search(r"SLURM run ID: (\S+)", text)
    if run:
        slurm.command("scancel", "--name", run.group(1))
    deadline = time.monotonic() + PATIENCE
    while slurm.jobs() and time.monotonic() < deadline:
        time.sleep(0.2)
