"""Hand damaged and hostile files to the readers of a user's configurations and models.

    PYTHONPATH=workflow/scripts python tests/fuzz/fuzz_readers.py --minutes 60

A reader must give valid data or one sentence (UserError): no other exception, no death of the interpreter, no more
than 10 s and 1 GiB for a file of less than 1 MiB.  Files are made in a process of its own from a seed and a number, so
`--first N --cases 1` makes file N again.  Findings are kept, one of each kind, under `--keep`; the exit status is 1 if
there are any.
"""

import argparse
import collections
import contextlib
import io
import json
import os
import resource
import selectors
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

SECONDS, MEMORY = 10, 2**30
WAITING = 300  # s of the clock, when others compute
RESERVING = (".nc", ".cdf")  # netCDF reserves memory by the counts in a header, which costs none until it is used
LONGEST = 1000  # characters of a sentence


def worker(folder, seed, number, limit):
    """Read file after file, and tell on the standard output what became of each."""
    import targets

    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    os.chdir(folder)
    warnings.simplefilter("ignore")
    targets.warm()
    resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") + 4 * MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while number < limit:
        path = targets.write(seed, number)
        print(json.dumps([number, path.suffix, None]), file=out)
        measure = "VmHWM" if path.suffix in RESERVING else "VmPeak"
        before, began = _status(measure), time.monotonic()
        outcome = _outcome(targets, path)
        peak = _status(measure) - before
        if peak > MEMORY:
            outcome = f"memory: {peak / 2**30:.1f} GiB, then {outcome}"
        print(json.dumps([number, path.suffix, outcome, time.monotonic() - began]), file=out)
        if peak > MEMORY:
            return
        number += 1


def _status(key):
    """Bytes of an entry of this process's status."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    raise KeyError(key)


def _outcome(targets, path):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            targets.read(path)
    except targets.UserError as error:
        sentence = str(error)
        if not sentence.isprintable() or len(sentence) > LONGEST or path.name not in sentence:
            return f"bad sentence: {ascii(sentence)[:300]}"
        return "refused"
    except BaseException as error:
        frame = traceback.extract_tb(error.__traceback__)
        own = [f for f in frame if "spinnet" in f.filename] or frame
        return f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].lineno}: {ascii(str(error))[:200]}"
    return "read"


def run(arguments, counts, findings):
    """Start workers until the time is over.

    counts: of (ending, outcome), a Counter that is added to.  findings: filled with [number, outcome, times] by kind.
    """
    end = time.monotonic() + 60 * arguments.minutes
    number = arguments.first
    last = arguments.first + (arguments.cases or 10**12)
    with tempfile.TemporaryDirectory() as folder:
        while number < last and time.monotonic() < end:
            for done, suffix, outcome, *_ in _lines(folder, arguments.seed, number, last, end):
                kind = outcome.split(": ")[0] if outcome not in ("read", "refused") else outcome
                counts[suffix, kind] += 1
                number = done + 1
                if kind != outcome or kind not in ("read", "refused"):
                    _keep(findings, (suffix, kind), outcome, done, arguments)


def _lines(folder, seed, number, last, end):
    """Lines of one worker, with what killed it as the last one's outcome."""
    command = [sys.executable, __file__, "--worker", folder, str(seed), str(number), str(last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process, selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        buffer, begun, since, used = b"", None, time.monotonic(), 0.0
        try:
            while time.monotonic() < end:
                if not waiting.select(1):
                    too_long = _computed(process.pid) - used > SECONDS or time.monotonic() - since > WAITING
                    if begun is not None and too_long:
                        yield [*begun[:2], f"time: more than {SECONDS} s"]
                        return
                    continue
                part = os.read(process.stdout.fileno(), 2**16)
                if not part:
                    if process.wait() and begun is not None:
                        yield [*begun[:2], f"death with status {process.returncode}"]
                    elif process.returncode:  # before its first file, as on a machine short of memory
                        time.sleep(5)
                    return
                *whole, buffer = (buffer + part).split(b"\n")
                for line in map(json.loads, whole):
                    begun = line if line[2] is None else None
                    if begun is None:
                        yield line
                since, used = time.monotonic(), _computed(process.pid)
        finally:
            process.kill()


def _computed(pid):
    """Seconds of computing of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _keep(findings, key, outcome, number, arguments):
    first = findings.setdefault(key, [number, outcome, 0])
    first[2] += 1
    if first[2] > 1:
        return
    print(f"file {number} ({key[0]}): {outcome}", flush=True)
    target = arguments.keep / f"{number}{key[0]}"
    target.mkdir(parents=True, exist_ok=True)
    (target / "outcome.txt").write_text(outcome + "\n")
    again = [sys.executable, __file__, "--write", target, str(number), "--seed", str(arguments.seed)]
    subprocess.run(again, check=False, timeout=WAITING, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--cases", type=int, help="at most so many files")
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("findings"))
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--write", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        return worker(arguments.worker[0], *map(int, arguments.worker[1:]))
    if arguments.write:
        import targets

        os.chdir(arguments.write[0])
        print(targets.write(arguments.seed, int(arguments.write[1])))
        return None
    began = time.monotonic()
    counts, findings = collections.Counter(), {}
    with contextlib.suppress(KeyboardInterrupt):
        run(arguments, counts, findings)
    for (suffix, kind), count in sorted(counts.items()):
        print(f"{count:9d} {suffix:13s} {kind}")
    minutes, computing = (time.monotonic() - began) / 60, resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{sum(counts.values())} files in {minutes:.1f} min, {(computing.ru_utime + computing.ru_stime) / 60:.1f} of "
        f"them computing; {len(findings)} kinds of findings"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
