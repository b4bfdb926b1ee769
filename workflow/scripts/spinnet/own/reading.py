"""A user's files, arrays or images, as checked configurations."""

from pathlib import Path

from spinnet.errors import UserError
from spinnet.own.check import configurations
from spinnet.own.read_arrays import READERS, read_array
from spinnet.own.read_images import SUFFIXES, read_images


def read(paths, settings):
    """{"spins", "alphabet", "values"} of `check.configurations`, for images with the "contrast" of each.

    paths: one file with an array, or images.  settings: variable, tile, pixels_per_site.  Raises UserError.
    """
    image = Path(paths[0]).suffix.lower() in SUFFIXES
    _check_kind(paths, settings, image)
    contrast = {}
    if image:
        array, contrast["contrast"] = read_images(paths, settings["tile"], settings["pixels_per_site"])
    else:
        array = read_array(paths[0], settings["variable"])
    found = configurations(array, label(paths))
    return dict(zip(("spins", "alphabet", "values"), found, strict=True)) | contrast


def label(paths):
    """Name of all files in a sentence."""
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} other images"


def _check_kind(paths, settings, image):
    """UserError if a file is of no kind that can be read, or a setting belongs to another kind."""
    allowed = SUFFIXES if len(paths) > 1 else (*SUFFIXES, *READERS)
    for path in paths:
        if Path(path).suffix.lower() not in allowed:
            several = " (several files must be images)" if len(paths) > 1 else ""
            raise UserError(f"{path}: found the ending {Path(path).suffix!r}; allowed{several}: {', '.join(allowed)}")
    unused = {"variable": None} if image else {"tile": None, "pixels_per_site": 1}
    for key, default in unused.items():
        if settings[key] != default:
            kind = "files with arrays" if image else "images"
            raise UserError(f"{paths[0]}: found the setting {key}, {settings[key]!r}, which belongs to {kind}")
