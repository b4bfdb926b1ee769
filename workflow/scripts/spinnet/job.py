"""What every script shares: its log file, its progress, and errors that are one sentence."""

import sys
import time

from tqdm import tqdm

from spinnet.errors import UserError

LOG_INTERVAL = 10.0  # seconds between plain lines of progress in a log


def start(snakemake):
    """Send output of this job to its log file; errors meant for the user end without traceback."""
    log = open(snakemake.log[0], "w", buffering=1)  # noqa: SIM115, closed with the process
    sys.stdout = sys.stderr = log
    settings = dict(snakemake.params.settings)
    print(f"{snakemake.rule} {dict(snakemake.wildcards)} {settings}")
    sys.excepthook = _one_sentence
    return settings


def _one_sentence(kind, error, trace):
    if issubclass(kind, UserError):
        print(f"error: {error}", file=sys.stderr)
        print(f"error: {error}", file=sys.__stderr__)
    else:
        sys.__excepthook__(kind, error, trace)


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
