"""How long a run still takes: what each job took before, and which job waits for which."""

import csv
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from pathlib import Path

LEAST = 3  # seconds of a job, most of them to load Python and its libraries
PRIOR = 60  # seconds of ended jobs that tell as much about the speed of a machine as was believed before
OVERDUE = 0.25  # of the time that a job has run, for one that has outlasted its estimate


def measured(path):
    """Seconds of the job behind a benchmark file of Snakemake; None if there is none, or none that can be read."""
    try:
        with Path(path).open() as stream:
            return max(float(row["s"]) for row in csv.DictReader(stream, delimiter="\t"))
    except (OSError, ValueError, KeyError):
        return None


class Minutes(int):
    """Minutes that a job asks for, with the seconds that it is expected to take."""

    def __new__(cls, minutes, seconds):
        new = super().__new__(cls, minutes)
        new.seconds = seconds
        return new

    def __reduce__(self):
        """A job gets its resources by pickle, and needs no more than a number."""
        return int, (int(self),)


def asked(minutes):
    """Seconds of a job by the minutes that it asks for.

    Where these are no `Minutes` but a number in a rule, the job takes about half as many seconds.
    """
    return max(LEAST, getattr(minutes, "seconds", minutes / 2))


def speed(expected, took):
    """By what to multiply estimates, after jobs of so many expected seconds took so many: 1 before the first."""
    return (PRIOR + took) / (PRIOR + expected)


def left_of(expected, elapsed):
    """Seconds that a job still runs."""
    return max(expected - elapsed, OVERDUE * elapsed)


def time_left(left, after, running, cores):
    """Seconds until all jobs are done, each on one core, where of the ready jobs the one with the longest chain starts.

    left: {job: seconds}; after: {job: the jobs among these that it waits for}; running: jobs that have started.
    """
    after = {job: [] if job in running else after[job] for job in left}
    longest, sorter = chains(left, after), TopologicalSorter(after)
    sorter.prepare()
    now, busy, ready = 0.0, [], []
    for job in running:
        heappush(busy, (left[job], job))
    while sorter.is_active():
        ready = sorted([*ready, *(job for job in sorter.get_ready() if job not in running)], key=longest.get)
        while ready and len(busy) < cores:
            job = ready.pop()
            heappush(busy, (now + left[job], job))
        now, job = heappop(busy)
        sorter.done(job)
    return now


def chains(seconds, after):
    """{job: seconds of the longest chain of jobs that begins with it}."""
    longest = dict.fromkeys(seconds, 0.0)
    for job in reversed(list(TopologicalSorter(after).static_order())):
        longest[job] += seconds[job]
        for other in after[job]:
            longest[other] = max(longest[other], longest[job])
    return longest
