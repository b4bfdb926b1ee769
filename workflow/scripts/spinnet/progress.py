"""How far a run is, in a line: one at its start, and one a minute."""

import logging
import os
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from spinnet.estimate import asked, left_of, measured, speed, time_left

INTERVAL = 60.0  # seconds between lines
LOOK = 1.0  # seconds between looks at what runs
NAMED = 3  # running jobs, or folders of what is made, that a line names
SHOWN = "Nothing to be done", "Terminating processes on user request"  # of Snakemake's lines that are no warnings


def quieten(workflow):
    """With any --quiet, Snakemake's own lines go to its log alone, but for errors and why it ends."""
    if workflow.output_settings.quiet:
        for handler in workflow.logger_manager.logger.handlers:
            if not isinstance(handler, logging.FileHandler):
                handler.addFilter(_matters)


def _matters(record):
    return record.levelno > logging.INFO or record.getMessage().startswith(SHOWN)


@dataclass
class Job:
    """A job that a run has to do: its sentence, the seconds it is expected to take, the ids of those it waits for."""

    name: str
    seconds: float
    after: tuple = ()


class Progress:
    """Jobs of a run as they start and end; times are seconds since the epoch."""

    def __init__(self, jobs, cores):
        """jobs: {id: `Job`}; cores: number of jobs at a time."""
        self.jobs, self.cores = jobs, cores
        self.began, self.took = {}, {}

    def start(self, job, now):
        if job in self.jobs and job not in self.took:
            self.began.setdefault(job, now)

    def finish(self, job, now):
        if job in self.began:
            self.took[job] = now - self.began.pop(job)

    def estimate(self, now):
        """(share of the work that is done, seconds until all is done)."""
        factor = speed(sum(self.jobs[job].seconds for job in self.took), sum(self.took.values()))
        elapsed = {job: now - began for job, began in self.began.items()}
        open_jobs = {id: job for id, job in self.jobs.items() if id not in self.took}
        left = {id: left_of(factor * job.seconds, elapsed.get(id, 0.0)) for id, job in open_jobs.items()}
        after = {id: [other for other in job.after if other in left] for id, job in open_jobs.items()}
        done = sum(self.took.values()) + sum(elapsed.values())
        total = done + sum(left.values())
        return (done / total if total else 1.0), time_left(left, after, elapsed, max(self.cores, 1))

    def first_line(self, targets):
        """What will be made, of how many jobs, in about what time."""
        jobs = f"{len(self.jobs)} job{'s' * (len(self.jobs) != 1)}"
        cores = f"{self.cores} core{'s' * (self.cores != 1)}"
        return f"{targets}: {jobs}, about {duration(self.estimate(0.0)[1])} on {cores}"

    def line(self, now):
        """How far the run is, when it will be done, and what it does."""
        share, left = self.estimate(now)
        end = time.strftime("%H:%M", time.localtime(now + left))
        names = [self.jobs[job].name for job in sorted(self.began, key=self.began.get)]
        doing = f"; now {listed(names)}" if names else ""
        return f"{100 * share:.0f} % done, about {duration(left)} left, until {end}{doing}"


def duration(seconds):
    """Seconds in words, with no more digits than an estimate deserves."""
    if seconds < 55:
        return f"{max(10, round(seconds, -1)):.0f} seconds"
    if seconds < 90:
        return "a minute"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


def listed(names):
    """The first `NAMED` of some names, and how many more there are."""
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return "; ".join([*names[:NAMED], *more])


def targets(paths):
    """Files in words: their names, or where there are many the folders and how many are in each."""
    if len(paths) <= NAMED:
        return ", ".join(sorted(map(str, paths)))
    folders = Counter(str(Path(path).parent) for path in paths)
    named = [
        f"{number} in {folder}" for folder, number in sorted(folders.items(), key=lambda item: (-item[1], item[0]))
    ]
    return f"{len(paths)} files ({listed(named)})"


def plan(workflow):
    """The `Progress` of a workflow of Snakemake that is about to start, by what its jobs took before or ask for."""
    dag, needed = workflow.dag, list(workflow.dag.needrun_jobs())
    ids = {job: dag.jobid(job) for job in needed}
    jobs = {
        ids[job]: Job(
            job.message or job.rule.name,
            _seconds(job, workflow.persistence),
            tuple(ids[other] for other in dag.dependencies[job] if other in ids),
        )
        for job in needed
    }
    return Progress(jobs, workflow.cores if workflow.local_exec else workflow.nodes)


def _seconds(job, persistence):
    """Of a job with other settings or code than before nothing was measured.

    Rules of a workflow that uses this one as a module need not ask for minutes.
    """
    if not job.output:
        return 0.0
    known = measured(job.benchmark) if job.benchmark and not persistence.params_changed(job) else None
    return asked(job.resources.get("runtime", 0)) if known is None else known


def announce(workflow, logs):
    """The first line of a run whose jobs are known and have not started; the others come until the process ends.

    logs: paths of Snakemake's own.
    """
    progress, names = plan(workflow), " ".join(map(os.path.relpath, logs))
    print(f"{progress.first_line(targets(workflow.dag.derived_targetfiles))}; log: {names}", file=sys.stderr)
    threading.Thread(target=_report, args=(progress, workflow), daemon=True).start()


def _report(progress, workflow):
    last = time.time()
    while True:
        time.sleep(LOOK)
        now = time.time()
        _look(progress, workflow, now)
        if now - last >= INTERVAL:
            last = now
            print(progress.line(now), file=sys.stderr, flush=True)


def _look(progress, workflow, now):
    """Note which jobs have started and ended."""
    dag = workflow.dag
    for job in list(workflow.scheduler.running):
        progress.start(dag.jobid(job), now)
    for job in dag.needrun_jobs(exclude_finished=False):
        if dag.finished(job):
            progress.finish(dag.jobid(job), now)
