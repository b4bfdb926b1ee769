"""Snakemake in the background, in a copy of the repository: to be watched, killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from spinnet.seal import SealError
from spinnet.stamps import read_stamp
from spinnet.verify import APART, artifacts

ROOT = Path(__file__).parents[1]
TARGET = "results/fig4.pdf"
PRESET = "config/presets/smoke.yaml"


def copy_repository(folder):
    """Copy the files under version control, and new ones that are not ignored, into a folder."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


class Folder:
    """A copy of the files under version control in which the smoke preset runs up to `TARGET`."""

    def __init__(self, path):
        self.path, self.results = Path(path), Path(path, "results")
        copy_repository(self.path)

    def start(self, *arguments, target=TARGET, overlays=(), cores=2, prefix=(), environment=None):
        """Start Snakemake in a process group of its own."""
        command = [*prefix, sys.executable, "-m", "snakemake", "--cores", str(cores), target, *arguments]
        return self._popen([*command, "--configfile", PRESET, *overlays], environment)

    def run(self, *arguments, **options):
        """Run it to its end; returns (exit status, output)."""
        return self.start(*arguments, **options).wait()

    def unlock(self):
        return self._popen([sys.executable, "-m", "snakemake", "--unlock"]).wait()

    def _popen(self, command, environment=None):
        return Running(self, command, os.environ | (environment or {}))

    def wipe(self):
        """As before the first run."""
        for folder in (self.results, self.path / ".snakemake"):
            shutil.rmtree(folder, ignore_errors=True)

    def content(self):
        """{name: bytes} of all files in results besides logs, benchmarks and checkpoints."""
        found = (p for p in self.results.rglob("*") if p.is_file())
        named = ((p.relative_to(self.results), p) for p in found)
        return {str(name): p.read_bytes() for name, p in named if name.parts[0] not in APART}

    def damaged(self):
        """The files under their own names that are not as they were written."""
        return [str(p) for p in artifacts(self.results) if p.suffix != ".partial" and _damaged(p)]

    def partial(self):
        """The files that are being written, or were when their job was killed."""
        return {str(p) for p in self.results.rglob("*.partial")}

    def unfinished(self):
        """Traces of a run that did not end: unfinished files, locks, marks of incomplete outputs."""
        marks = (p for name in ("incomplete", "locks") for p in (self.path / ".snakemake" / name).glob("*"))
        return sorted(self.partial()) + sorted(map(str, marks))

    def check(self, undisturbed, target=TARGET):
        """Assert that the results are those of an undisturbed run, with nothing left over and nothing left to do."""
        self.wait_for_jobs()
        found = self.content()
        assert sorted(found) == sorted(undisturbed)
        assert [name for name in found if found[name] != undisturbed[name]] == []
        assert self.unfinished() == []
        status, text = self.run("--dry-run", target=target)
        assert status == 0, text
        assert "Nothing to be done" in text

    def jobs(self):
        """The processes of jobs in this folder, whoever their parent is."""
        return [p for p in psutil.process_iter() if _is_job(p, self.path)]

    def wait_for_jobs(self, seconds=120):
        """Wait for the end of all jobs, orphans too."""
        _, alive = psutil.wait_procs(self.jobs(), seconds)
        assert not alive, alive


def _damaged(path):
    try:
        read_stamp(path)
    except (SealError, OSError):
        return True
    return False


def _is_job(process, folder):
    try:
        command = process.cmdline()
        script = len(command) > 1 and f"{folder}/.snakemake/scripts/" in command[1]
        return script and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _hear_interrupts():
    """A shell that starts the tests in the background makes them, and what they start, deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Running:
    """A running Snakemake: a process group of its own, output in a file."""

    def __init__(self, folder, command, environment):
        self.folder = folder
        self.output = folder.path / f"output_{time.monotonic_ns()}.txt"  # an orphan goes on to write here
        with self.output.open("w") as stream:
            self.process = subprocess.Popen(
                command, cwd=folder.path, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
                start_new_session=True, preexec_fn=_hear_interrupts,
            )  # fmt: skip

    def text(self):
        return self.output.read_text(errors="replace")

    def alive(self):
        return self.process.poll() is None

    def until(self, condition, seconds=900, pause=0.002):
        """Wait until condition() is true, and return its value; None if the run ends before."""
        deadline = time.monotonic() + seconds
        while self.alive():
            if value := condition():
                return value
            assert time.monotonic() < deadline, self.text()
            time.sleep(pause)
        return None

    def signal(self, number, group=False):
        """Send a signal to Snakemake, or to it and its jobs; returns whether it was alive."""
        alive = self.alive()
        if alive:
            (os.killpg if group else os.kill)(self.process.pid, number)
        return alive

    def wait(self, seconds=1800):
        """(exit status, output) after the end."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise
        return self.process.returncode, self.text()
