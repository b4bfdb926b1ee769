"""Arrays from a user's NetCDF, HDF5 and NumPy files, which are not trusted.

Sizes are checked before anything is loaded, nothing is unpickled, and no path inside a file is followed.
"""

import math
import zipfile
import zlib
from pathlib import Path

import h5py
import netCDF4
import numpy as np

from spinnet.errors import UserError

LARGEST = 4 * 2**30  # bytes
HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def read_array(path, variable=None):
    """The array `variable` of a file; without a name the only array that can hold configurations.

    Raises UserError if the file is broken, larger than `LARGEST`, or if it is not clear which array is meant.
    """
    reader = READERS[Path(path).suffix.lower()]
    try:
        return reader(path, variable)
    except (OSError, ValueError, KeyError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"{path}: cannot be read ({error})") from None


def check_size(path, shape, itemsize):
    """Raise UserError if an array of this shape needs more than `LARGEST` bytes."""
    size = math.prod(int(n) for n in shape) * itemsize
    if size > LARGEST:
        raise UserError(f"{path}: an array of shape {tuple(shape)} needs {size / 2**30:.1f} GiB; allowed are 4 GiB")


def _npy(path, variable):
    if variable is not None:
        raise UserError(f"{path}: an .npy file holds one array without a name; found variable {variable!r}")
    with open(path, "rb") as file:
        return _numpy_array(path, file)


def _npz(path, variable):
    with zipfile.ZipFile(path) as archive:
        shapes = {}
        for name in archive.namelist():
            with archive.open(name) as file:
                shapes[name.removesuffix(".npy")] = _numpy_header(path, file)[0]
        with archive.open(_choose(path, variable, shapes) + ".npy") as file:
            return _numpy_array(path, file)


def _numpy_array(path, file):
    """Array of an open .npy file, read twice: the header, then all."""
    shape, _, dtype = _numpy_header(path, file)
    if dtype.hasobject:
        raise UserError(f"{path}: holds Python objects, such as configurations of mixed sizes; allowed are numbers")
    check_size(path, shape, dtype.itemsize)
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


def _numpy_header(path, file):
    """(shape, Fortran order, dtype) of an open .npy file."""
    version = np.lib.format.read_magic(file)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise UserError(f"{path}: is of version {version} of NumPy's format; allowed are (1, 0) and (2, 0)")
    return readers[version](file)


def _netcdf(path, variable):
    """Classic NetCDF; NetCDF-4 is HDF5."""
    with open(path, "rb") as file:
        if file.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE:
            return _hdf5(path, variable)
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        found = file[_choose(path, variable, {name: v.shape for name, v in file.variables.items()})]
        check_size(path, found.shape, found.dtype.itemsize)
        return _without_missing(path, np.asarray(found[...]), found.__dict__)


def _hdf5(path, variable):
    """Only what hard links lead to: other links, virtual data sets and external storage name further files."""
    with h5py.File(path, "r") as file:
        names = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        found = file[_choose(path, variable, {name: file[name].shape for name in names})]
        if found.is_virtual or found.external:
            raise UserError(f"{path}: {found.name} keeps its values in other files; allowed are values in this file")
        check_size(path, found.shape, found.dtype.itemsize)
        return _without_missing(path, found[...], dict(found.attrs))


def _choose(path, variable, shapes):
    """Name of the array that is meant, out of {name: shape}."""
    if variable is not None:
        if variable in shapes:
            return variable
        raise UserError(f"{path}: found no variable {variable!r}; allowed are {', '.join(shapes) or 'none'}")
    for dimensions in (3, 2):
        names = [name for name, shape in shapes.items() if shape is not None and len(shape) == dimensions]
        if len(names) == 1:
            return names[0]
        if names:
            raise UserError(f"{path}: found {len(names)} arrays, {', '.join(names)}; name one of them as `variable`")
    raise UserError(f"{path}: found no array of the shape (configurations, L, L) or (configurations, L*L)")


def _without_missing(path, array, attributes):
    """The array, if none of its values is the one that stands for missing values."""
    for name in ("_FillValue", "missing_value"):
        if name in attributes and np.isin(attributes[name], array).any():
            raise UserError(f"{path}: found missing values ({name}); allowed are complete configurations")
    return array


READERS = {
    ".npy": _npy, ".npz": _npz, ".nc": _netcdf, ".nc4": _netcdf, ".cdf": _netcdf,
    ".h5": _hdf5, ".hdf5": _hdf5, ".hdf": _hdf5,
}  # fmt: skip
