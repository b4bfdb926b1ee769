"""A user's files read in a process of its own, which is this module as a program.

A damaged file may end the C libraries that read it, or keep them busy for ever; then the process ends, and the user
has a sentence.  Memory and time are limited, and HDF5 loads no plugins, which files may ask for.
"""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

from spinnet.errors import UserError
from spinnet.own.reading import label
from spinnet.own.reading import read as read_here

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 16 * 2**30  # bytes of address space, for arrays of 4 GiB, their copies and the libraries
SECONDS = 900  # of computing
REFUSED, WITHOUT_MEMORY, WITHOUT_ROOM = 3, 4, 5  # exit statuses behind sentences


def read(paths, settings, memory=MEMORY, seconds=SECONDS):
    """As `reading.read`; also a reader that crashes, or needs more than `memory` or `seconds`, ends in a UserError."""
    wanted = {key: settings[key] for key in ("variable", "tile", "pixels_per_site")}
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HDF5_PLUGIN_PRELOAD": "::"}
    with tempfile.TemporaryDirectory() as folder:
        task = {"paths": [os.fspath(path) for path in paths], "settings": wanted, "memory": memory, "seconds": seconds}
        Path(folder, "task.json").write_text(json.dumps(task))
        command = [sys.executable, "-m", "spinnet.own.apart", folder]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, env=environment, **pipes) as process:
            try:
                complaint = process.stderr.read().decode(errors="backslashreplace")
                process.wait()
            except BaseException:
                process.kill()
                raise
        if process.returncode == REFUSED:
            raise UserError(Path(folder, "sentence.txt").read_text())
        if process.returncode < 0:
            raise UserError(f"{label(task['paths'])}: cannot be read, as its reader {_death(-process.returncode)}")
        if process.returncode == WITHOUT_MEMORY:
            raise UserError(f"{label(task['paths'])}: needs more than {memory} bytes of memory to be read")
        if process.returncode == WITHOUT_ROOM:
            raise UserError(complaint.splitlines()[-1])
        if process.returncode:
            raise RuntimeError(f"the reader of {label(task['paths'])} failed:\n{complaint}")
        return {path.stem: np.load(path, allow_pickle=False) for path in Path(folder).glob("*.npy")}


def _death(number):
    if number == signal.SIGXCPU:
        return "did not end in the time that is allowed"
    if number == signal.SIGKILL:
        return "was killed, maybe for want of memory"
    return f"crashed ({signal.Signals(number).name}); the file may be damaged"


def main(folder):
    threading.Thread(target=_end_with_parent, daemon=True).start()
    task = json.loads(Path(folder, "task.json").read_text())
    for limit, most in (("RLIMIT_AS", task["memory"]), ("RLIMIT_CPU", task["seconds"]), ("RLIMIT_CORE", 0)):
        with contextlib.suppress(ValueError, OSError):  # not every system has every limit
            kind = getattr(resource, limit)
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    try:
        sys.exit(_attempt(Path(folder), task))
    except MemoryError:  # maybe in the words on another error
        os._exit(WITHOUT_MEMORY)


def _attempt(folder, task):
    """Exit status of an attempt to read, whose arrays or whose sentence is in the folder."""
    try:
        arrays = read_here(task["paths"], task["settings"])
    except UserError as error:
        (folder / "sentence.txt").write_text(str(error))
        return REFUSED
    try:
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
    except OSError as error:
        print(f"{folder}: cannot be written ({error.strerror}); TMPDIR may name a folder with room", file=sys.stderr)
        return WITHOUT_ROOM
    return 0


def _end_with_parent():
    """End this process when its standard input does, which is a pipe from the one that started it."""
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
