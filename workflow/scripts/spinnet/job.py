"""What every script shares: its log file, its progress, and errors that are one sentence."""

import re
import sys
import time
from contextlib import suppress
from pathlib import Path

from tqdm import tqdm

from spinnet import files, provenance
from spinnet.errors import UserError

OUT_OF_MEMORY = re.compile("out of memory|can't allocate memory|not enough memory", re.I)  # as torch says it
LOG_INTERVAL = 10.0  # seconds between plain lines of progress in a log


def start(snakemake):
    """Send output of this job to its log file, and note its inputs; returns its settings (dict).

    Errors meant for the user end without traceback.
    """
    sys.excepthook = _one_sentence
    sys.stdout = sys.stderr = files.claim(snakemake.log[0])
    settings = dict(snakemake.params.settings)
    provenance.begin(snakemake.input)
    print(f"{snakemake.rule} {dict(snakemake.wildcards)} {settings}")
    return settings


def _one_sentence(kind, error, trace):
    if issubclass(kind, MemoryError) or OUT_OF_MEMORY.search(str(error)):
        error = f"out of memory ({error}); lower the settings that this log begins with, or use a larger machine"
    elif issubclass(kind, KeyboardInterrupt):
        error = "interrupted; run the same command again to go on"
    elif issubclass(kind, OSError) and error.errno in files.FULL:  # of the log, if the error names no file
        path = Path(error.filename or sys.stderr.name)
        error = f"{path}: not written, {files.reason(path, error)}"
    elif not issubclass(kind, UserError):
        sys.__excepthook__(kind, error, trace)
        return
    for stream in {sys.stderr, sys.__stderr__}:
        with suppress(OSError):  # as the disk may be full
            print(f"error: {error}", file=stream)


def progress(items, label):
    """Iterate with a bar on a terminal and a line in the log every `LOG_INTERVAL` seconds."""
    bar = tqdm(items, desc=label, file=sys.__stderr__, disable=None, leave=False, mininterval=0.5)
    began = last = time.monotonic()
    done = 0
    try:
        for item in bar:
            if time.monotonic() - last > LOG_INTERVAL:
                last = time.monotonic()
                print(f"{label}: {done} of {len(bar)}, {last - began:.0f} s")
            yield item
            done += 1
    finally:
        bar.close()
        print(f"{label}: {done} of {len(bar)} done in {time.monotonic() - began:.1f} s")
