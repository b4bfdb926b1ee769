"""A checksum inside a file: the SHA-256 of the file with the 64 digits of the checksum set to zero.

The writer of any format leaves `PLACEHOLDER` where its format allows free text.
"""

import hashlib
import mmap
import os

from spinnet.errors import UserError

MARK = b"seal-sha256:"
DIGITS = 64
PLACEHOLDER = (MARK + b"0" * DIGITS).decode()


class SealError(UserError):
    """A file is not what was written."""


def seal(path):
    """Put the checksum into a file that holds `PLACEHOLDER`; returns it as hex digits. Raises SealError without one."""
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        start = _start(content)
        if start is None:
            raise SealError(f"{path}: has no room for a seal")
        digest = _digest(content, start)
        content[start : start + DIGITS] = digest.encode()
        content.flush()
    return digest


def stored(path):
    """The checksum that a file holds, as text, without a look at the rest; None if it holds none."""
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            start = _start(content)
            return content[start : start + DIGITS].decode("latin-1") if start else None


def sealed(path):
    """The checksum of a file, after a look at every byte. Raises SealError if it does not fit, OSError."""
    found = stored(path)
    if found is None:
        raise SealError("it is empty, cut off, or not a file of results: it has no seal")
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _digest(content, _start(content)) != found:
            raise SealError("its content does not fit its seal: it was changed or damaged after it was written")
    return found


def _start(content):
    """Position of the digits; None without a mark, or with one that is cut off."""
    at = content.rfind(MARK)
    return at + len(MARK) if at >= 0 and at + len(MARK) + DIGITS <= len(content) else None


def _digest(content, start):
    view = memoryview(content)
    try:
        digest = hashlib.sha256(view[:start])
        digest.update(b"0" * DIGITS)
        digest.update(view[start + DIGITS :])
    finally:
        view.release()
    return digest.hexdigest()
