"""Files appear whole or not at all, and only the latest run of a job writes them."""

import errno
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from spinnet.errors import UserError

FULL = errno.ENOSPC, errno.EDQUOT, errno.EFBIG
REFUSED = errno.EROFS, errno.EACCES, errno.EPERM
PROBE = 1 << 20  # bytes
UMASK = os.umask(0)  # cannot be asked for without setting it
os.umask(UMASK)
LATER = "as a later run of this job has begun"

_log = None


def claim(path):
    """Open the log of this run of a job; from now on an earlier run that is still alive writes nothing.

    Raises UserError if the disk is full or refuses.
    """
    global _log
    path = Path(path)
    try:
        path.unlink(missing_ok=True)
        _log = open(path, "w", buffering=1)  # noqa: SIM115, closed with the process
    except OSError as error:
        raise UserError(f"{path}: not written, {reason(path, error) or error}") from None
    return _log


def _claimed():
    """Whether the log at its path is still the one that this process opened (another would be another inode)."""
    try:
        return _log is None or os.path.samestat(os.fstat(_log.fileno()), os.stat(_log.name))
    except FileNotFoundError:
        return False


@contextmanager
def atomic(path):
    """Yield a temporary path beside `path`; on success flush it to disk and rename it to `path`.

    Raises UserError if the disk is full or refuses, or if a later run of the same job has begun.
    """
    path = Path(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path)
        yield partial
        partial.chmod(0o666 & ~UMASK)  # safetensors lets nobody else read
        _flush(partial)
        if not _claimed():
            raise UserError(f"{path}: not written, {LATER}")
        os.replace(partial, path)
        _flush(path.parent)
    except UserError:
        raise
    except Exception as error:  # each library has its own for a disk that is full
        if words := reason(path, error) if _claimed() else LATER:
            raise UserError(f"{path}: not written, {words}") from None
        raise
    finally:
        partial.unlink(missing_ok=True)


def _clear(path):
    """Remove what killed runs of this job had begun to write; an orphan removes nothing of a later run."""
    if _claimed():
        for old in path.parent.glob(f".{path.name}.*.partial"):
            old.unlink(missing_ok=True)


def _flush(path):
    """Ask for a file or folder to be on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason(path, error):
    """Words for why the system did not let write to `path`; None if it was something else.

    On a full disk netCDF says "HDF error" or "permission denied": the system is asked first.
    """
    folder = next(p for p in path.parents if p.exists())
    number = _obstacle(folder) or getattr(error, "errno", None)
    if number in FULL:
        free = shutil.disk_usage(folder).free
        return f"{os.strerror(number).lower()} ({free >> 10} KiB are free on the disk); make room and run again"
    return f"{os.strerror(number).lower()}; results/ must be writable" if number in REFUSED else None


def check(folder):
    """Raise UserError if a folder does not allow files; a full one does, as room may come."""
    number = _obstacle(folder)
    if number in REFUSED:
        raise UserError(f"{folder}: not written, {os.strerror(number).lower()}; results/ must be writable")


def _obstacle(folder):
    """Number of the error that writing in a folder meets; None if it meets none."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(PROBE))
            probe.flush()
    except OSError as error:
        return error.errno
    return None
