"""Which files a user's pattern may name."""

import unicodedata
from glob import glob
from pathlib import Path

from spinnet.errors import UserError
from spinnet.sentences import short

SIGNS = " ._-+=,:@%/"
ALLOWED = f"letters, digits, spaces and any of {SIGNS[1:]}"


def file_pattern(pattern):
    """The pattern, if it has no characters of the shell, no `..` and no `~`; ValueError otherwise."""
    for character in pattern:
        if unicodedata.category(character)[0] not in "LMN" and character not in SIGNS + "*?[]":
            raise ValueError(f"{character!r} is refused; allowed are {ALLOWED}, in patterns *?[]")
    if ".." in Path(pattern).parts:
        raise ValueError("'..' is refused; allowed are paths from the working directory or from /")
    return pattern


def matching(pattern):
    """Paths of the files of a pattern, sorted. Raises UserError if one has a name that no pattern may have, or if
    there is none, or a directory, device or pipe instead, which might never end."""
    found = sorted(glob(pattern))
    if not found:
        raise UserError(f"no file {short(pattern)!r} was found")
    for path in found:
        try:
            file_pattern(path)
        except ValueError as error:
            raise UserError(f"found a file {short(path)!r}; {error}") from None
        if not Path(path).is_file():
            raise UserError(f"{path} is not a file, but a directory, a device, a pipe or a link to nothing")
    return found
