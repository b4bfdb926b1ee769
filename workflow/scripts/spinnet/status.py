"""What a run has done and what it is doing: files by folder as Snakemake sees them, and the jobs that run here.

It reads and takes no lock, so it may be called while the workflow runs.
"""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil

from spinnet.provenance import RESULTS

COLUMNS = "files", "ready", "out of date", "missing"
SCRIPT = ".snakemake/scripts/"  # from where Snakemake runs the script of a job
WIDTH = 100  # characters of a line of a log


def summary(arguments):
    """Rows of `snakemake --summary` with these arguments: dicts with output_file, status, plan and more.

    Ends the process with Snakemake's own message if it refuses.
    """
    command = [sys.executable, "-m", "snakemake", "--summary", *arguments]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr)
    lines = [line.split("\t") for line in run.stdout.splitlines() if "\t" in line]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def count(rows):
    """{folder of results: Counter with `COLUMNS`}, in the order of names, and under "all" their sums."""
    table = {}
    for row in rows:
        parts = Path(row["output_file"]).parts
        folder = parts[1] if len(parts) > 2 else "figures and tables"
        state = "missing" if row["status"] == "missing" else "ready" if row["plan"] == "no update" else "out of date"
        table.setdefault(folder, Counter()).update(["files", state])
    return dict(sorted(table.items())) | {"all": sum(table.values(), Counter())}


def running(folder):
    """{log: seconds since the job began} of the jobs of a folder that run on this machine: each has its log open."""
    logs, found = Path(folder).resolve() / RESULTS / "logs", {}
    for process in psutil.process_iter():
        try:
            if SCRIPT in " ".join(process.cmdline()):
                age = time.time() - process.create_time()
                open_files = (Path(file.path) for file in process.open_files())
                found |= {path: max(age, found.get(path, 0)) for path in open_files if path.parent == logs}
        except psutil.Error:  # it has ended, or is another user's
            continue
    return found


def last_line(path):
    """The last line of a log that says something; "" if there is none."""
    lines = path.read_text(errors="replace").splitlines()
    return next((line for line in reversed(lines) if line.strip()), "")


def main(arguments):
    print(f"{RESULTS + '/':20}" + "".join(f"{name:>12}" for name in COLUMNS))
    for folder, numbers in count(summary(arguments)).items():
        print(f"{folder:20}" + "".join(f"{numbers[name]:12}" for name in COLUMNS))
    jobs = running(".")
    print(f"\n{len(jobs)} jobs running on this machine")
    for log, seconds in sorted(jobs.items()):
        print(f"{log.relative_to(Path.cwd())}, for {seconds / 60:.1f} minutes: {last_line(log)[:WIDTH]}")


if __name__ == "__main__":
    main(sys.argv[1:])
