"""Whatever is killed, at whatever moment: the documented commands end with the bytes of an undisturbed run."""

import random
import re
import signal
import time

import psutil
import pytest
from counts import record

PARSING = 2.5  # seconds, about what Snakemake takes before its first job
WORKING = 2.0  # and a job of the smoke preset


def parsing(running, rng):
    """While Snakemake reads the rules, or a little later."""
    _pause(running, rng.uniform(0, PARSING))


def starting(running, rng):
    """When a job has begun."""
    number = rng.randint(1, 3)
    running.until(lambda: running.text().count("\nJob ") >= number)


def working(running, rng):
    """While a job computes."""
    starting(running, rng)
    _pause(running, rng.uniform(0, WORKING))


def writing(running, _):
    """While a file is being written; unfinished files of earlier kills do not count."""
    before = running.folder.partial()
    running.until(lambda: running.folder.partial() - before, pause=0)


def between(running, rng):
    """When a job has ended."""
    number = rng.randint(1, 3)
    running.until(lambda: running.text().count("Finished jobid") >= number)


def _end(running, folder, kill):
    """(exit status, output) of a run that was killed; SIGTERM may block the scheduler of Snakemake for ever."""
    if kill is terminate:
        end = time.monotonic() + 60
        running.until(lambda: time.monotonic() > end and not folder.jobs(), pause=0.1)
        if running.signal(signal.SIGKILL):
            running.wait()
            folder.unlock()
    return running.wait()


def _pause(running, seconds):
    end = time.monotonic() + seconds
    running.until(lambda: time.monotonic() > end)


MOMENTS = (parsing, starting, working, writing, between)


def kill_snakemake(running, _):
    """kill -9 of Snakemake alone: its jobs live on."""
    return running.signal(signal.SIGKILL)


def kill_all(running, _):
    """kill -9 of Snakemake and its jobs at once, as a machine that is switched off."""
    return running.signal(signal.SIGKILL, group=True)


def kill_job(running, rng):
    """kill -9 of the process of one job, as the system does when memory runs out."""
    jobs = running.until(running.folder.jobs) or []
    try:
        rng.choice(jobs).kill()
    except (IndexError, psutil.NoSuchProcess):
        return False
    return True


def interrupt(running, _):
    """Ctrl-C in a terminal."""
    return running.signal(signal.SIGINT, group=True)


def interrupt_snakemake(running, _):
    """kill -INT of Snakemake alone."""
    return running.signal(signal.SIGINT)


def terminate(running, _):
    """kill, as a system does that shuts down: Snakemake waits for its jobs."""
    return running.signal(signal.SIGTERM)


LOCKING = (kill_snakemake, kill_all)  # after these a user unlocks the folder


@pytest.mark.parametrize(
    ("kill", "number", "seed"),
    [(kill_snakemake, 14, 1), (kill_all, 12, 2), (kill_job, 14, 3), (interrupt, 8, 4), (interrupt_snakemake, 4, 5),
     (terminate, 4, 6)],
)  # fmt: skip
def test_kills_at_random_moments_change_no_byte(folder, undisturbed, kill, number, seed):
    """One kill after the other, each in the run that goes on after the one before."""
    rng, hits, moments = random.Random(seed), 0, {moment.__name__: 0 for moment in MOMENTS}
    folder.wipe()
    while hits < number:
        running, moment = folder.start(), rng.choice(MOMENTS)
        moment(running, rng)
        hit = kill(running, rng)
        status, text = _end(running, folder, kill)
        hits += hit and status != 0
        moments[moment.__name__] += hit and status != 0
        assert "cannot be locked" not in text
        ours = re.search(r'File "\S*(spinnet|\.snakemake/scripts)/', text)
        assert not ours or "KeyboardInterrupt" in text, text  # of Snakemake, while it reads the rules
        if status == 0:
            folder.check(undisturbed)
            folder.wipe()
        if kill in LOCKING:
            assert folder.unlock()[0] == 0
        assert folder.damaged() == []
    status, text = folder.run()
    assert status == 0, text
    folder.check(undisturbed)
    record(f"kills: {kill.__name__}", injected=hits, survived=hits, **moments)
