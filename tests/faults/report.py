"""The table of docs/reliability.md, from the counts of a run: report.py COUNTS.json docs/reliability.md."""

import json
import os
import platform
import sys
from pathlib import Path

from bad_configurations import count

BEGIN, END = "<!-- counts -->\n", "<!-- end of counts -->"
TRIED, PASSED = ("injected", "tried"), ("survived", "caught", "stopped", "refused")
FAULTS = {
    "kills": "kill -9, SIGINT and SIGTERM of Snakemake and of jobs",
    "kills under SLURM": "kill -9 of Snakemake, controller and node daemon under SLURM",
    "orphans": "jobs that outlive a killed Snakemake",
    "disk full": "disk full while results are written",
    "corruptions": "damaged, exchanged and stale files, by readers and `make verify`",
    "run": "the same, by real runs of Snakemake, and rebuilt as the sentence says",
    "out of memory": "out of memory",
    "training diverges": "trainings that diverge",
}


def rows(counts):
    """(fault, injected, survived) by the part of each name before a colon."""
    sums = {}
    for name, numbers in counts.items():
        tried, passed = sums.get(group := name.partition(":")[0], (0, 0))
        tried += sum(numbers.get(key, 0) for key in TRIED)
        sums[group] = tried, passed + next(numbers[key] for key in PASSED if key in numbers)
    return [(FAULTS.get(name, name), *both) for name, both in sums.items()]


def main(source, page):
    configurations = [(f"bad configurations, {kind}", *both) for kind, both in count().items()]
    lines = ["| fault | injected | survived or refused |", "|---|---|---|"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows(json.loads(Path(source).read_text())) + configurations]
    lines += [
        "",
        f"Measured with Python {platform.python_version()} on {os.cpu_count()} cores, {platform.machine()}.",
        "",
    ]
    before, _, rest = Path(page).read_text().partition(BEGIN)
    Path(page).write_text(before + BEGIN + "\n".join(lines) + END + rest.partition(END)[2])


if __name__ == "__main__":
    main(*sys.argv[1:])
