"""Arrays from a user's NetCDF, HDF5 and NumPy files, which are not trusted.

Forms and sizes are checked before anything is loaded, nothing is unpickled, and no path inside a file is followed.
"""

import math
import os
import struct
import zipfile
from pathlib import Path

import h5py
import netCDF4
import numpy as np

from spinnet.errors import UserError
from spinnet.own.check import MOST_VALUES, form
from spinnet.sentences import listed, short

LARGEST = 4 * 2**30  # bytes
MOST_SITES = 2**30  # of all configurations; each takes a few bytes while they are looked at
RATIO = 1032  # a byte of the file holds no more; deflate writes 258 equal bytes in two bits
LONGEST_HEADER = 10_000  # bytes of the header of a NumPy file; NumPy parses no longer ones
MOST_MEMBERS = 10_000  # arrays and groups of a file
CLASSIC = (b"CDF\x01", b"CDF\x02", b"CDF\x05")
FILTERS = range(7)  # of HDF5 itself: compression, shuffling, checksums; others would be loaded from a plugin
LZF = 32000  # h5py's own


def read_array(path, variable=None):
    """The array `variable` of a file; without a name the only array that can hold configurations.

    Raises UserError if the file is broken, if the array has not the form of configurations or is too large for its
    file or for `LARGEST` and `MOST_SITES`, or if it is not clear which array is meant.
    """
    try:
        return READERS[Path(path).suffix.lower()](path, variable)
    except UserError:
        raise
    except Exception as error:  # a broken file may raise anything in the libraries that read it
        raise UserError(f"{path}: cannot be read ({short(error) or type(error).__name__})") from None


def check_size(path, shape, itemsize, most=math.inf):
    """Raise UserError if an array of this shape has too many bytes or sites, or more than the `most` of its file."""
    sites = math.prod(int(n) for n in shape)
    size = sites * itemsize
    claim = f"{path}: an array of shape {tuple(map(int, shape))} needs"
    if size > LARGEST:
        raise UserError(f"{claim} {size / 2**30:.3g} GiB; allowed are 4 GiB")
    if sites > MOST_SITES:
        raise UserError(f"{claim} {sites} sites; allowed are {MOST_SITES}")
    if size > most:
        raise UserError(f"{claim} {size} bytes; its file has {most} at most, so it is cut off or not what it claims")


def _check(path, shape, dtype, most):
    form(shape, dtype, path)
    check_size(path, shape, dtype.itemsize, most)


def _npy(path, variable):
    if variable is not None:
        raise UserError(f"{path}: an .npy file holds one array without a name; found variable {variable!r}")
    with open(path, "rb") as file:
        return _numpy_array(path, file, os.path.getsize(path))


def _npz(path, variable):
    with zipfile.ZipFile(path) as archive:
        members = {m.filename.removesuffix(".npy"): m for m in archive.infolist() if m.filename.endswith(".npy")}
        _count(path, members)
        shapes = {}
        for name, member in members.items():
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UserError(f"{path}: {short(name)} is compressed by another method than NumPy's, deflate")
            with archive.open(member) as file:
                shapes[name] = _numpy_header(path, file)[0]
        member = members[_choose(path, variable, shapes)]
        with archive.open(member) as file:
            return _numpy_array(path, file, min(member.file_size, RATIO * os.path.getsize(path)))


def _numpy_array(path, file, most):
    """Array of an open .npy file of `most` bytes, read twice: the header, then all."""
    shape, _, dtype = _numpy_header(path, file)
    if dtype.hasobject:
        raise UserError(f"{path}: holds Python objects, such as configurations of mixed sizes; allowed are numbers")
    _check(path, shape, dtype, most - file.tell())
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


def _numpy_header(path, file):
    """(shape, Fortran order, dtype) of an open .npy file."""
    version, start = np.lib.format.read_magic(file), file.tell()
    readers = {
        (1, 0): ("<H", np.lib.format.read_array_header_1_0),
        (2, 0): ("<I", np.lib.format.read_array_header_2_0),
    }
    if version not in readers:
        raise UserError(f"{path}: is of version {version} of NumPy's format; allowed are (1, 0) and (2, 0)")
    number, reader = readers[version]
    (length,) = struct.unpack(number, file.read(struct.calcsize(number)))
    if length > LONGEST_HEADER:
        raise UserError(f"{path}: has a header of {length} bytes; allowed are {LONGEST_HEADER}")
    file.seek(start)
    return reader(file)


def _netcdf(path, variable):
    """Classic NetCDF; NetCDF-4 is HDF5."""
    with open(path, "rb") as file:
        if file.read(4) not in CLASSIC:
            return _hdf5(path, variable)
    with netCDF4.Dataset(os.path.abspath(path)) as file:  # an absolute path is never taken for an address
        file.set_auto_maskandscale(False)
        found = file[_choose(path, variable, {name: v.shape for name, v in file.variables.items()})]
        _check(path, found.shape, np.dtype(found.dtype), os.path.getsize(path))
        attributes = {name: found.getncattr(name) for name in found.ncattrs()}
        return _without_missing(path, np.asarray(found[...]), attributes)


def _hdf5(path, variable):
    """Only what hard links lead to: other links, virtual data sets and external storage name further files."""
    with h5py.File(path, "r") as file:
        datasets = _datasets(path, file.id)
        elsewhere = [name for name, dataset in datasets.items() if _elsewhere(dataset)]
        for name in elsewhere:
            if variable in (None, name):
                raise UserError(
                    f"{path}: /{short(name)} keeps its values in other files; allowed are values in this file"
                )
        shapes = {name: dataset.shape for name, dataset in datasets.items() if name not in elsewhere}
        found = h5py.Dataset(datasets[_choose(path, variable, shapes)])
        most = RATIO * min(found.id.get_storage_size(), os.path.getsize(path))
        _check(path, found.shape, found.dtype, most)
        if found.chunks:
            check_size(path, found.chunks, found.dtype.itemsize, most)
        _check_filters(path, found.id.get_create_plist())
        return _without_missing(path, found[...], _attributes(found.attrs))


def _datasets(path, root):
    """{name: identifier} of the arrays of an HDF5 file, each once, by a walk that ends in any file."""
    found, waiting, seen = {}, [("", root)], set()
    while waiting:
        prefix, group = waiting.pop()
        for key in list(group):
            if group.links.get_info(key).type != h5py.h5l.TYPE_HARD:
                continue
            item, name = h5py.h5o.open(group, key), prefix + key.decode(errors="backslashreplace")
            address = h5py.h5o.get_info(item).addr
            if address in seen:
                continue
            seen.add(address)
            _count(path, seen)
            if isinstance(item, h5py.h5g.GroupID):
                waiting.append((name + "/", item))
            elif isinstance(item, h5py.h5d.DatasetID):
                found[name] = item
    return found


def _elsewhere(dataset):
    """Whether an array has its values in other files; its shape may be known to these alone, so it is not asked for."""
    plan = dataset.get_create_plist()
    return plan.get_layout() == h5py.h5d.VIRTUAL or plan.get_external_count() > 0


def _check_filters(path, plan):
    for i in range(plan.get_nfilters()):
        number = plan.get_filter(i)[0]
        if number not in FILTERS and number != LZF:
            raise UserError(
                f"{path}: is stored with filter {number}; allowed are those of HDF5 itself, such as gzip, and lzf"
            )


def _attributes(attributes):
    """{name: value} of the attributes that are numbers."""
    names = [name for name in MISSING if name in attributes]
    kept = [name for name in names if attributes.get_id(name).dtype.kind in "biuf"]
    return {name: attributes[name] for name in kept}


def _count(path, members):
    if len(members) > MOST_MEMBERS:
        raise UserError(f"{path}: holds more than the {MOST_MEMBERS} arrays and groups that are allowed")


def _choose(path, variable, shapes):
    """Name of the array that is meant, out of {name: shape}."""
    if variable is not None:
        if variable in shapes:
            return variable
        raise UserError(f"{path}: found no variable {variable!r}; allowed are {listed(list(shapes)) or 'none'}")
    for dimensions in (3, 2):
        names = [name for name, shape in shapes.items() if shape is not None and len(shape) == dimensions]
        if len(names) == 1:
            return names[0]
        if names:
            raise UserError(f"{path}: found {len(names)} arrays, {listed(names)}; name one of them as `variable`")
    raise UserError(f"{path}: found no array of the shape (configurations, L, L) or (configurations, L*L)")


MISSING = ("_FillValue", "missing_value")


def _without_missing(path, array, attributes):
    """The array, if none of its values is one that stands for missing values."""
    for name in MISSING:
        values = np.ravel(attributes.get(name, []))
        if values.dtype.kind in "biuf" and any((array == value).any() for value in values[:MOST_VALUES]):
            raise UserError(f"{path}: found missing values ({name}); allowed are complete configurations")
    return array


READERS = {
    ".npy": _npy, ".npz": _npz, ".nc": _netcdf, ".nc4": _netcdf, ".cdf": _netcdf,
    ".h5": _hdf5, ".hdf5": _hdf5, ".hdf": _hdf5,
}  # fmt: skip
