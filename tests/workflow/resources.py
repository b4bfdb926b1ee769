"""Compare what jobs ask for with what they used: python tests/workflow/resources.py [--configfile FILE ...]

Run in the folder of a finished run, with the same configuration files.  For every file in
results/benchmarks it prints memory [MiB] and time [min], used and asked for, and it fails if a job
used more than it had asked for, or asked for absurdly more memory than it used.
"""

import argparse
import csv
import sys
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.settings.enums import Quietness
from snakemake.settings.types import ConfigSettings, DAGSettings, OutputSettings, ResourceSettings

GENEROUS = 30  # times the memory used
SMALL = 2000  # MiB that may be asked for whatever is used


def requested(configfiles=(), targets=("all",)):
    """What each job of these targets asks for, run or not: {path of its benchmark file: resources}."""
    with SnakemakeApi(OutputSettings(dryrun=True, quiet={Quietness.ALL})) as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=2),
            config_settings=ConfigSettings(configfiles=[Path(f) for f in configfiles]),
            snakefile=Path("Snakefile"),
        )
        workflow.dag(DAGSettings(targets=set(targets), forceall=True)).execute_workflow(executor="dryrun")
        return {str(job.benchmark): job.resources for job in workflow._workflow.dag.jobs if job.benchmark}


def used(path):
    """Memory [MiB] and time [min] of the job behind a benchmark file; memory is nan if it ended too soon to be seen."""
    with open(path) as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    memory = [float(row["max_rss"]) for row in rows if row["max_rss"] not in ("-", "NA")]
    return max(memory, default=float("nan")), max(float(row["s"]) for row in rows) / 60


def complaints(resources, memory, minutes):
    """What is wrong with a job's requests, in words."""
    if memory > resources["mem_mb"]:
        yield "too little memory"
    if minutes > resources["runtime"]:
        yield "too little time"
    if resources["mem_mb"] > max(SMALL, GENEROUS * memory):
        yield "far too much memory"


def compare(configfiles=(), targets=("all",)):
    """Rows (job, MiB used, asked for, minutes used, asked for, complaints) of all jobs with a benchmark file."""
    rows = []
    for path, resources in sorted(requested(configfiles, targets).items()):
        if Path(path).exists():
            memory, minutes = used(path)
            wrong = ", ".join(complaints(resources, memory, minutes))
            rows.append((Path(path).stem, memory, resources["mem_mb"], minutes, resources["runtime"], wrong))
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--configfile", nargs="*", default=[])
    rows = compare(parser.parse_args().configfile)
    for job, memory, asked, minutes, limit, wrong in rows:
        print(f"{job:45} {memory:6.0f} of {asked:6} MiB {minutes:6.1f} of {limit:5} min  {wrong}")
    sys.exit(any(row[-1] for row in rows))
