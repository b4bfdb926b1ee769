"""Files appear whole or not at all, and only the latest run of a job writes them."""

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from spinnet.errors import UserError

LITTLE = 1 << 20  # bytes; with less than that the libraries fail in their own ways

_log = None


def claim(path):
    """Open the log of this run of a job; from now on an earlier run that is still alive writes nothing."""
    global _log
    path = Path(path)
    path.unlink(missing_ok=True)
    _log = open(path, "w", buffering=1)  # noqa: SIM115, closed with the process
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
        yield partial
        _flush(partial)
        if not _claimed():
            raise UserError(f"{path}: not written, as a later run of this job has begun")
        os.replace(partial, path)
        _flush(path.parent)
    except (OSError, RuntimeError) as error:
        raise _reason(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def _flush(path):
    """Ask for a file or folder to be on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(path, error):
    """UserError for a disk that is full or refuses, which netCDF reports as RuntimeError; else the error itself."""
    number = getattr(error, "errno", None)
    folder = next(p for p in path.parents if p.exists())
    free = shutil.disk_usage(folder).free
    if number in (errno.ENOSPC, errno.EDQUOT) or free < LITTLE:
        return UserError(f"{path}: not written, the disk is full ({free >> 10} KiB are free); free some and run again")
    if number in (errno.EROFS, errno.EACCES, errno.EPERM):
        return UserError(f"{path}: not written, {os.strerror(number).lower()}; results/ must be writable")
    return error
