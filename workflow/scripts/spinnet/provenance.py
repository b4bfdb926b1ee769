"""What made an artifact: its own name, the settings, the versions of packages, and its inputs with their checksums."""

import hashlib
import json
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath

from spinnet.seal import stored

FORMAT = 1  # of all files of results; rises when readers need something else
PACKAGES = (
    "numpy", "numba", "scipy", "torch", "xarray", "netCDF4", "pyerrors", "pymbar", "scikit-learn", "scikit-image",
    "h5py",
)  # fmt: skip
RESULTS = "results"

_inputs = {}


def begin(paths):
    """Note the inputs of this job; every artifact that it writes will name them."""
    _inputs.clear()
    _inputs.update({_input_name(path): checksum(path) for path in paths})


def _input_name(path):
    """A file that is no artifact keeps its path, as a user's own file in a folder "results" elsewhere."""
    return name(path) if stored(path) else str(path)


def checksum(path):
    """Hex digits of the SHA-256: that inside a sealed file, of the whole file elsewhere."""
    found = stored(path) if RESULTS in Path(path).parts else None
    if found:
        return found
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def name(path):
    """Name of a file wherever the folder of results lies: from its last folder "results" on, else as it is."""
    parts = PurePosixPath(path).parts
    if RESULTS not in parts[:-1]:
        return str(path)
    return "/".join(parts[len(parts) - 1 - parts[::-1].index(RESULTS) :])


def stamp(path, settings):
    """Provenance (dict) of the artifact at `path`, made by this job with its settings (dict)."""
    return {
        "artifact": name(path) if RESULTS in Path(path).parts[:-1] else Path(path).name, "format": FORMAT,
        "settings": settings, "inputs": dict(_inputs), "software": versions(),
    }  # fmt: skip


def text(stamped):
    """Provenance as JSON, the same for the same content."""
    return json.dumps(stamped, sort_keys=True)


def versions():
    """Versions of those `PACKAGES` that the environment of this job has."""
    found = {}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def complaint(path, stamped):
    """What is wrong with the provenance of the file at `path`, as the rest of a sentence; None if nothing is."""
    if stamped.get("format") != FORMAT:
        return f"is of format {stamped.get('format')}, this version reads format {FORMAT}"
    if RESULTS in Path(path).parts[:-1] and stamped["artifact"] != name(path):
        return f"is {stamped['artifact']} under another name"
    return None


def changed(path, stamped):
    """Paths of the results that the file at `path` was made from and that are there with another checksum."""
    if RESULTS not in Path(path).parts[:-1]:
        return []
    root = Path(str(path).removesuffix(name(path)))
    sources = {root / other: digest for other, digest in stamped["inputs"].items() if _is_result(other)}
    return [source for source, digest in sources.items() if source.is_file() and (stored(source) or digest) != digest]


def _is_result(other):
    """Names come out of files: nothing outside the folder of results is looked at."""
    parts = PurePosixPath(other).parts
    return parts[:1] == (RESULTS,) and ".." not in parts
