"""Run times of finished jobs, from the benchmark files that Snakemake writes."""

import re

import pandas as pd


def run_times(files, patterns):
    """DataFrame with a row a rule, the longest first: rule, jobs, seconds (of all its jobs), longest (of one job) [s],
    memory (largest of a job) [MB, NaN where Snakemake could not tell].

    files: paths of benchmark files; patterns: {rule: regular expression that fits the paths of its files}.  Files of
    jobs that the workflow does not have now are left out.
    """
    rules = {rule: re.compile(pattern) for rule, pattern in patterns.items()}
    found = [
        {"rule": rule, **_measured(path)}
        for path in files
        for rule, pattern in rules.items()
        if pattern.fullmatch(str(path))
    ]
    jobs = pd.DataFrame(found, columns=["rule", "seconds", "memory"]).groupby("rule", sort=False)
    table = jobs.agg(
        jobs=("seconds", "size"), seconds=("seconds", "sum"), longest=("seconds", "max"), memory=("memory", "max")
    )
    return table.reset_index().sort_values("seconds", ascending=False, ignore_index=True)


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
