"""Provenance out of a file of results of any format, after a look at its checksum."""

import json
import re
from pathlib import Path

import netCDF4
from safetensors import SafetensorError, safe_open

from spinnet.documents import CSVW
from spinnet.io import stamp_of
from spinnet.provenance import checksum
from spinnet.seal import SealError, sealed


def read_stamp(path):
    """Provenance (dict) of a file of results. Raises SealError or OSError if the file is not as it was written."""
    beside = f"{path}{CSVW}"
    if Path(path).suffix != ".csv":
        sealed(path)
    elif not Path(beside).exists():
        raise SealError(f"has no {Path(beside).name} beside it")
    else:
        sealed(beside)
    return claimed_stamp(path)


def claimed_stamp(path):
    """Provenance (dict) that a file of results says it has, whatever its checksum; raises as `read_stamp` does."""
    try:
        return READERS[Path(path).suffix](str(path))
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
        raise SealError(f"it is not a file of the kind that its name says: {error}") from None


def _netcdf(path):
    with netCDF4.Dataset(path) as file:
        return stamp_of({key: file.getncattr(key) for key in file.ncattrs()})


def _weights(path):
    with safe_open(path, "numpy") as file:
        return json.loads(file.metadata()["provenance"])


def _header(path):
    return dict(json.loads(Path(path).read_text())["provenance"])


def _table(path):
    metadata = json.loads(Path(path + CSVW).read_text())
    if metadata["sha256"] != checksum(path):
        raise SealError(f"its content does not fit {Path(path).name}{CSVW}")
    return dict(metadata["provenance"])


def _markdown(path):
    return json.loads(re.findall(r"^<!-- (.*)$", Path(path).read_text(), re.M)[-1])


def _pdf(path):
    keywords = re.search(rb"/Keywords \((.*?[^\\])\)\s", Path(path).read_bytes(), re.S).group(1)
    return json.loads(re.sub(rb"\\([()\\])", rb"\1", keywords))


READERS = {
    ".nc": _netcdf, ".safetensors": _weights, ".json": _header, ".csv": _table, ".md": _markdown,
    ".html": _markdown, ".pdf": _pdf,
}  # fmt: skip
