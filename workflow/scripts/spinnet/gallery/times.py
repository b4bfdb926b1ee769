"""Run times of finished jobs, from the benchmark files that Snakemake writes."""

import re

import pandas as pd


def _of_jobs(files, patterns):
    """(rule, path) of those files that belong to jobs which the workflow has now."""
    rules = {rule: re.compile(pattern) for rule, pattern in patterns.items()}
    return [(rule, path) for path in files for rule, pattern in rules.items() if pattern.fullmatch(str(path))]


def run_times(files, patterns):
    """DataFrame with a row a rule, the longest first: rule, jobs, seconds (of all its jobs), longest (of one job) [s],
    memory (largest of a job) [MB, NaN where Snakemake could not tell].

    files: paths of benchmark files; patterns: {rule: regular expression that fits the paths of its files}.  Files of
    jobs that the workflow does not have now are left out.
    """
    found = [{"rule": rule, **_measured(path)} for rule, path in _of_jobs(files, patterns)]
    jobs = pd.DataFrame(found, columns=["rule", "seconds", "memory"]).groupby("rule", sort=False)
    table = jobs.agg(
        jobs=("seconds", "size"), seconds=("seconds", "sum"), longest=("seconds", "max"), memory=("memory", "max")
    )
    return table.reset_index().sort_values("seconds", ascending=False, ignore_index=True)


def busy_time(files, patterns):
    """Time [s] in which at least one job ran; arguments as of `run_times`.  A job ends when its file is written."""
    ends = [(path.stat().st_mtime, _measured(path)["seconds"]) for _, path in _of_jobs(files, patterns)]
    total, until = 0.0, float("-inf")
    for start, end in sorted((end - seconds, end) for end, seconds in ends if seconds == seconds):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def _measured(path):
    """Time [s] and memory [MB] of a job; what was too short to be measured is "NA" or "-"."""
    first = pd.read_csv(path, sep="\t").iloc[0]
    return {name: pd.to_numeric(first[column], "coerce") for name, column in (("seconds", "s"), ("memory", "max_rss"))}


def duration(seconds):
    """A time in words, e.g. 2 h 05 min, 3 min 20 s, 4.1 s."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min {rest:02d} s"
