"""The lines of a run: the first, one a minute, and the three at its end."""

import logging
import os
import time
from types import SimpleNamespace

import pytest
import xarray as xr
from snakemake.common import NOTHING_TO_BE_DONE_MSG

from spinnet import progress as lines
from spinnet import rebuild
from spinnet.closing import LEDGER, distance, following
from spinnet.progress import Job, Progress, duration, listed, quieten, targets


@pytest.fixture
def progress():
    """Two jobs of ten and one of five minutes, which waits for both, on two cores."""
    return Progress({1: Job("one", 600.0), 2: Job("two", 600.0), 3: Job("last", 300.0, (1, 2))}, 2)


def test_first_line(progress):
    assert progress.first_line("results/fig4.pdf") == "results/fig4.pdf: 3 jobs, about 15 minutes on 2 cores"


def test_share_is_of_work_and_not_of_jobs(progress):
    for job in (1, 2):
        progress.start(job, 0.0)
        progress.finish(job, 600.0)
    assert progress.estimate(600.0) == (pytest.approx(0.8), pytest.approx(300.0))


def test_slow_jobs_make_the_rest_longer(progress):
    progress.start(1, 0.0)
    progress.finish(1, 1200.0)
    share, left = progress.estimate(1200.0)
    assert 600.0 + 300.0 < left < 2 * (600.0 + 300.0)
    assert share < 1200.0 / (1200.0 + 900.0)


def test_a_line_names_share_end_and_running_jobs(progress):
    now = time.mktime((2026, 12, 1, 14, 0, 0, 0, 0, -1))
    progress.start(2, now)
    progress.start(1, now + 10.0)
    line = progress.line(now + 300.0)
    assert line == "39 % done, about 10 minutes left, until 14:15; now two; one"


def test_nothing_left(progress):
    for job in (1, 2, 3):
        progress.start(job, 0.0)
        progress.finish(job, 1.0)
    assert progress.estimate(1.0) == (1.0, 0.0)


DURATIONS = {0: "10 seconds", 44: "40 seconds", 59: "a minute", 100: "2 minutes", 5400: "90 minutes", 9000: "2.5 hours"}


@pytest.mark.parametrize(("seconds", "words"), DURATIONS.items())
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_long_lists_are_cut():
    assert listed(["a", "b", "c"]) == "a; b; c"
    assert listed(["a", "b", "c", "d", "e"]) == "a; b; c; 2 more"
    paths = [f"results/rg/{i}.pdf" for i in range(4)] + ["results/fig4.pdf"]
    assert targets(paths) == "5 files (4 in results/rg; 1 in results)"
    assert targets(paths[-1:]) == "results/fig4.pdf"


class Run:
    """What a run of Snakemake tells of three jobs."""

    def __init__(self):
        self.scheduler, self.dag, self.ended = SimpleNamespace(running={1}), self, set()

    def jobid(self, job):
        return job

    def needrun_jobs(self, exclude_finished):
        return [job for job in (1, 2, 3) if not (exclude_finished and job in self.ended)]

    def finished(self, job):
        return job in self.ended


def test_jobs_are_seen_to_start_and_end(progress):
    run = Run()
    lines._look(progress, run, 0.0)
    run.scheduler.running, run.ended = {2}, {1}
    lines._look(progress, run, 60.0)
    lines._look(progress, run, 90.0)
    assert (progress.took, progress.began) == ({1: 60.0}, {2: 60.0})


def test_with_quiet_only_warnings_and_reasons_are_on_the_terminal_and_all_is_in_the_log(capsys, tmp_path):
    logger, log = logging.Logger("test", logging.INFO), logging.FileHandler(tmp_path / "log")
    logger.addHandler(logging.StreamHandler())
    logger.addHandler(log)
    manager = SimpleNamespace(logger=logger)
    quieten(SimpleNamespace(output_settings=SimpleNamespace(quiet={"host"}), logger_manager=manager))
    for text in ("Building DAG of jobs...", NOTHING_TO_BE_DONE_MSG, f"{lines.SHOWN[1]}, this might take some time."):
        logger.info(text)
    logger.warning("a warning")
    logger.error("an error")
    log.close()
    shown = capsys.readouterr().err.splitlines()
    assert len((tmp_path / "log").read_text().splitlines()) == 5
    assert [line.split()[0] for line in shown] == ["Nothing", "Terminating", "a", "an"]


@pytest.fixture
def deviation(tmp_path):
    values = {"magnetization_deviation": [[0.9, 0.01], [0.9, -0.05]], "magnetization_deviation_error": [[1, 0.002]] * 2}
    data = {name: (("temperature", "start"), v) for name, v in values.items()}
    path = tmp_path / "deviation_spins.nc"
    xr.Dataset(data, {"temperature": [2.0, 2.5], "start": ["hot", "all"]}).to_netcdf(path)
    return path


def test_the_largest_deviation_of_all_chains_is_named_with_its_error(deviation):
    line = "largest deviation of |m| from the exact curve: spins -0.0500(20) at T = 2.5"
    assert distance([deviation], ["results/fig4.pdf"]) == line


def test_results_without_a_curve_are_judged_by_the_ledger():
    assert distance([], ["results/rg/fig1.pdf"]).endswith(": make ledger")
    assert distance([], ["results/index.html", LEDGER]).endswith(f": {LEDGER}")


def test_the_next_study_is_the_first_that_misses_a_file(tmp_path, monkeypatch):
    (tmp_path / "made.pdf").touch()
    files = {"a": "made.pdf", "b": "missing.pdf"}
    studies = [SimpleNamespace(name=n, docstring=f"all of {n}", input=[tmp_path / f]) for n, f in files.items()]
    monkeypatch.setitem(os.environ, rebuild.CONFIGURATION, "")
    assert following(studies, 2).startswith("next: make b (all of b); or change")
    assert following(studies[:1], 2).startswith("next: change")
    monkeypatch.setitem(os.environ, rebuild.CONFIGURATION, "--configfile my.yaml")
    assert following(studies, 2).startswith("next: snakemake --cores 2 b --configfile my.yaml (all of b)")
