"""How far a run is: a line at its start, one a minute, and three at its end."""

import logging
import os
import sys
import threading
import time
from pathlib import Path

INTERVAL = 60.0  # seconds between lines
RESERVE = 5  # times the estimate is what a job asks for, at least so many minutes, see rules/resources.smk
SHORT = 10.0  # seconds, of a job that asks for the least


def quieten(workflow):
    """With any --quiet, Snakemake's own lines go to its log alone, but for errors and that there is nothing to do."""
    if workflow.output_settings.quiet:
        for handler in workflow.logger_manager.logger.handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.addFilter(_matters)


def _matters(record):
    return record.levelno > logging.INFO or "Nothing to be done" in record.getMessage()


class Progress:
    """The jobs of a run, how long each will take, and what is done of them.

    workflow: Snakemake's, when its jobs are known and none has started.  A job takes as long as in an earlier run,
    by its benchmark file; one without takes what it asks for, scaled by those that have ended.
    """

    def __init__(self, workflow):
        self._workflow, self._dag = workflow, workflow.dag
        self._jobs = list(self._dag.needrun_jobs())
        self._known = {job: seconds for job in self._jobs if (seconds := _measured(job)) is not None}
        self._asked = {job: _asked(job) for job in self._jobs}
        self._began, self._took = {}, {}

    def announce(self, logs):
        """The first line; the others follow from a thread that ends with the process."""
        names, jobs = " ".join(os.path.relpath(log) for log in logs), len(self._jobs)
        cores = f"{self._cores()} core{'s' * (self._cores() > 1)}"
        print(f"{jobs} job{'s' * (jobs > 1)}, {_minutes(self._left())} on {cores}; log: {names}", file=sys.stderr)
        threading.Thread(target=self._report, daemon=True).start()

    def _report(self):
        last = time.monotonic()
        while True:
            time.sleep(1)
            self._look(time.monotonic())
            if time.monotonic() - last >= INTERVAL:
                last = time.monotonic()
                print(self.line(), file=sys.stderr, flush=True)

    def _look(self, now):
        """Note which jobs have begun and ended."""
        for job in list(self._workflow.scheduler.running):
            self._began.setdefault(job, now)
        for job, began in self._began.items():
            if job not in self._took and self._dag.finished(job):
                self._took[job] = now - began

    def line(self):
        """What is done, what runs, and how long the rest will take."""
        rest, total = self._rest(), sum(map(self._seconds, self._jobs))
        running = [job.message or job.rule.name for job in self._began if job not in self._took]
        share = 100 * (1 - sum(rest.values()) / total)
        return f"{share:.0f} % done, {_minutes(self._left())} left; now: {', '.join(running) or 'nothing'}"

    def _cores(self):
        return self._workflow.resource_settings.cores or 1

    def _seconds(self, job):
        """Of the whole job."""
        ended = [j for j in self._took if j not in self._known]
        asked = sum(self._asked[j] for j in ended)
        scale = sum(self._took[j] for j in ended) / asked if asked else 1.0
        return self._took.get(job) or self._known.get(job) or scale * self._asked[job]

    def _rest(self):
        """{job: seconds that are left of it}, without those that have ended."""
        now = time.monotonic()
        spent = {job: now - began for job, began in self._began.items()}
        waiting = [job for job in self._jobs if not self._dag.finished(job)]
        return {job: max(self._seconds(job) - spent.get(job, 0.0), 0.0) for job in waiting}

    def _left(self):
        """Seconds to the end."""
        return remaining(self._rest(), self._dag.dependencies, self._cores())


def remaining(rest, dependencies, cores):
    """Seconds to the end: the work over the cores, or the longest chain of jobs that wait for each other.

    rest: {job: seconds}.  dependencies: {job: those it waits for}; jobs that are not in `rest` have ended.
    """
    chains = {}

    def chain(job):
        if job not in chains:
            chains[job] = rest[job] + max((chain(j) for j in dependencies[job] if j in rest), default=0.0)
        return chains[job]

    return max(sum(rest.values()) / cores, max(map(chain, rest), default=0.0))


def _measured(job):
    """Seconds that a job took in an earlier run, or None."""
    path = Path(job.benchmark or "")
    if not path.is_file():
        return None
    header, *rows = (line.split("\t") for line in path.read_text().splitlines())
    try:
        return float(rows[-1][header.index("s")])
    except (IndexError, ValueError):  # of a job that was killed
        return None


def _asked(job):
    """Seconds behind the minutes that a job asks for."""
    minutes = job.resources.get("runtime", RESERVE)
    return 60.0 * minutes / RESERVE if minutes > RESERVE else SHORT


def _minutes(seconds):
    if seconds < 90:
        return f"about {max(10 * round(seconds / 10), 10)} seconds"
    return f"about {round(seconds / 60)} minutes"


def ending(targets, deviation):
    """The three lines at the end of a run.

    targets: the files that were asked for.  deviation: path of the deviation of the curve that Fig. 4 is about, from
    the exact one, if it is there.
    """
    shown = targets[0] if len(targets) == 1 else f"{len(targets)} files in results/"
    yield f"ready: {shown}"
    if Path(deviation).exists():
        yield f"Fig. 4, spins: {distance(deviation)}"
    yield "next: make encoder, better networks; make gallery, figures beside the papers' numbers; or change a setting"


def distance(path):
    """How far the learned |m| is from the exact one where it is farthest, with the error of both."""
    import netCDF4  # half a second, at the end only

    with netCDF4.Dataset(path) as file:
        both = list(file["start"][:]).index("all")
        found, error = (file[f"magnetization_deviation{end}"][:, both] for end in ("", "_error"))
        worst = abs(found).argmax()
        temperature = file["temperature"][worst]
    return f"|m| is farthest from the exact one at T = {temperature:g}, by {found[worst]:+.3f} +- {error[worst]:.3f}"
