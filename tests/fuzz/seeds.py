"""Small files of every kind that a user may hand in, valid ones and ones with hostile claims, as bytes."""

import io
import itertools
import json
import struct
import zipfile
import zlib

import h5py
import netCDF4
import numpy as np
from PIL import Image
from safetensors.numpy import save

DTYPES = ("i1", "u1", "?", "<i4", ">i8", "<u8", "f2", "<f4", ">f8", "f16", "c8", "U2", "V3", "M8[s]")
NUMBERS = (-1, 0, 1, 2, 3, 16, 200, 2**16, 2**31 - 1, 2**32, 2**40, 2**62, 2**63 - 1, 10**30)
EXTREMES = (0.0, -0.0, 1e-300, 1e300, -1.7e308, 1.7e308, np.inf, np.nan, 2.0**53, 2.0**63)


def spins(random):
    """Configurations of a random form, mostly one that is accepted."""
    size, values = int(random.choice([2, 3, 4, 8])), random.choice([2, 2, 2, 3, 17])
    shape = [(207, size, size), (207, size * size), (199, size, size), (200, size, size, 1), (0, size, size)]
    index = random.integers(0, values, shape[min(4, int(random.exponential(0.8)))])
    dtype = np.dtype(DTYPES[min(len(DTYPES) - 1, int(random.exponential(3)))])
    if dtype.kind == "f" and random.random() < 0.5:
        with np.errstate(over="ignore"):
            return random.choice(EXTREMES, values).astype(dtype)[index]
    return index.astype(dtype) if dtype.kind != "V" else np.zeros(index.shape, dtype)


def pick(random, choices):
    return choices[int(random.integers(len(choices)))]


def npy(random):
    file, array = io.BytesIO(), spins(random)
    np.lib.format.write_array(file, array, version=pick(random, [(1, 0), (2, 0)]))
    if random.random() < 0.6:
        return file.getvalue()
    shape = pick(
        random, [f"({', '.join(str(pick(random, NUMBERS)) for _ in range(3))})", "(200, 4, 4.0)", "'x'", "(-1, 4, 4)"]
    )
    descr = pick(
        random,
        [f"'{d}'" for d in ("|i1", "|O", "|V99999999999", "|S2147483647", "<i4, (9,9)i1")] + ["('<i4', (10**9,))"],
    )
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"
    header = pick(random, [header, header, "(" * 5000, "{" + "[" * 900, "1" * 5000, header + " " * 60000])
    length = struct.pack(*pick(random, [("<H", len(header) % 65536), ("<I", len(header)), ("<I", 2**32 - 1)]))
    version = b"\x01\x00" if len(length) == 2 else pick(random, [b"\x02\x00", b"\x03\x00"])
    return b"\x93NUMPY" + version + length + header.encode() + array.tobytes()


def npz(random):
    file = io.BytesIO()
    methods = [zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
    with zipfile.ZipFile(file, "w", pick(random, methods)) as archive:
        for name in ("spins.npy", "energy.npy", "../x", "a\nb.npy", "spins.npy.npy")[
            : 1 + int(random.exponential(0.7))
        ]:
            content = npy(random)
            archive.writestr(name, content + bytes(2**22) if random.random() < 0.05 else content)
    return file.getvalue()


def hdf5(random):
    file = io.BytesIO()
    with h5py.File(file, "w", libver=pick(random, ["earliest", "earliest", "latest", "v108"])) as f:
        _hdf5_array(random, f, pick(random, ["spins", "T=2.5/spins", "a/b/c/spins", "a\nb"]))
        for extra in random.choice(16, int(random.integers(0, 3)), replace=False):
            _hdf5_extra(random, f, extra)
    return file.getvalue()


def _hdf5_array(random, f, name):
    array, options = spins(random), {}
    if array.dtype.kind in "UM" or random.random() < 0.15:
        shape = (200, *(int(min(2**40, max(0, pick(random, NUMBERS)))) for _ in range(2)))
        f.create_dataset(name, shape, "i1", chunks=(100, 4, 4), maxshape=(None, None, None), **_filters(random))
        return
    if array.size and random.random() < 0.7:
        options = {"chunks": array.shape if random.random() < 0.5 else True, **_filters(random)}
    f.create_dataset(name, data=array, **options)


def _filters(random):
    gzip = {"compression": "gzip", "compression_opts": int(random.integers(0, 10))}
    return pick(random, [gzip, {"compression": "lzf"}, {"shuffle": True}, {"fletcher32": True}, {"scaleoffset": 0}, {}])


def _hdf5_extra(random, f, kind):
    if kind == 0:
        f["soft"] = h5py.SoftLink("/spins")
    elif kind == 1:
        f["external"] = h5py.ExternalLink("/etc/passwd", "/spins")
    elif kind == 2:
        f.create_dataset("raw", (200, 4, 4), "i1", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])
    elif kind == 3:
        layout = h5py.VirtualLayout((200, 4, 4), "i1")
        layout[...] = h5py.VirtualSource("/etc/passwd", "spins", (200, 4, 4))
        f.create_virtual_dataset("virtual", layout)
    elif kind == 4:
        f.create_dataset("text", (200, 2, 2), h5py.string_dtype())[...] = "up"
    elif kind == 5:
        f.create_dataset("pair", (200, 2, 2), [("a", "i1"), ("b", "f4", (2,))])
    elif kind == 6:
        f.create_dataset("empty", data=h5py.Empty("i1"))
    elif kind == 7:
        f.create_dataset("reference", (200, 2, 2), h5py.ref_dtype)[...] = f.ref
    elif kind == 8:
        f["loop"] = f["/"]
    elif kind == 9:
        group = f
        for _ in range(int(random.integers(1, 200))):
            group = group.create_group("g")
    elif kind == 10:
        for number in range(int(random.integers(1, 300))):
            f.create_dataset(f"many/{number}", (200, 2, 2), "i1")
    elif kind == 11:
        f["type"] = np.dtype("i4")
    elif kind == 12:
        f.create_dataset("enum", (200, 2, 2), h5py.enum_dtype({"UP": 1, "DOWN": 0}))
    elif kind == 13:
        f.create_dataset("opaque", (200, 2, 2), "V7")
    elif kind == 14:
        f.create_dataset("long", (200, 2, 2), "S1000000", chunks=(1, 1, 1))
    else:
        f.visititems(lambda _, item: item.attrs.update(_attributes(random)))


def _attributes(random):
    value = pick(
        random, ["text", -99, 1, np.arange(5), np.array(["a", "b"], object), h5py.Empty("f4"), np.ones((2, 2), "f2")]
    )
    return {pick(random, ["_FillValue", "missing_value", "_NCProperties"]): value}


def netcdf(random, formats=("NETCDF4", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA")):
    f = netCDF4.Dataset("x.nc", "w", format=pick(random, formats), memory=4096)
    array = spins(random)
    if array.dtype.kind not in "if" or array.dtype.itemsize not in (1, 4) or not array.size:
        array = np.random.default_rng(1).integers(0, 2, (207, 4, 4), np.int8)
    array = array.astype(array.dtype.newbyteorder("="))
    for axis, length in enumerate(array.shape):
        f.createDimension(f"d{axis}", None if axis == 0 and random.random() < 0.4 else length)
    names = [f"d{axis}" for axis in range(array.ndim)]
    fill = pick(random, [None, 1, -99]) if array.dtype.kind == "i" else None
    f.createVariable("spins", array.dtype, names, fill_value=fill)[...] = array
    if random.random() < 0.5:
        f.createVariable("energy", "f8", names[:1])[...] = 1.0
        f.title = "configurations"
    return bytes(f.close())


def classic(random):
    return netcdf(random, ("NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"))


def _picture(random):
    size = int(pick(random, [8, 12, 16]))
    grey = np.where(random.random((size * 15, size * 14)) < 0.5, 60, 200).astype(np.uint8)
    mode = pick(random, ["L", "L", "1", "RGB", "RGBA", "P", "I;16", "LA"])
    return Image.fromarray(grey.astype(np.uint16)) if mode == "I;16" else Image.fromarray(grey).convert(mode)


def png(random):
    file, picture = io.BytesIO(), _picture(random)
    if random.random() < 0.2:
        picture.save(
            file, "PNG", save_all=True, append_images=[_picture(random).convert(picture.mode).resize(picture.size)]
        )
    else:
        picture.save(file, "PNG", optimize=bool(random.integers(2)))
    data = file.getvalue()
    if random.random() < 0.3:
        width, height = (pick(random, [1, 224, 5000, 60000, 2**31 - 1]) for _ in range(2))
        body = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
        data = data[:12] + body + struct.pack(">I", zlib.crc32(body)) + data[33:]
    if random.random() < 0.2:
        text = b"zTXta\0\0" + zlib.compress(bytes(10**7))
        data = data[:33] + struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text)) + data[33:]
    return data


def tiff(random):
    file, picture = io.BytesIO(), _picture(random)
    compression = pick(
        random, [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group4", "zstd", "webp", "lzma"]
    )
    if picture.mode not in ("1",) and compression == "group4":
        compression = None
    if picture.mode not in ("L", "RGB") and compression in ("jpeg", "webp"):
        compression = None
    pages = (
        [_picture(random).convert(picture.mode) for _ in range(int(random.integers(0, 4)))]
        if picture.mode != "I;16"
        else []
    )
    picture.save(
        file, "TIFF", compression=compression, save_all=True, append_images=pages, big_tiff=bool(random.random() < 0.2)
    )
    return file.getvalue()


HOSTILE = (
    None,
    True,
    -1,
    0,
    1,
    2.5,
    10**6,
    10**12,
    10**400,
    1e308,
    float("nan"),
    "x",
    "",
    [],
    [[]],
    {},
    [10**9],
    ["4"],
    [1, 1],
)


def model(random):
    """(weights, header): two files of a small model, one number or array of them perhaps hostile."""
    sites, values, hidden = 9, int(pick(random, [2, 3])), pick(random, [[], [12], [12, 7]])
    architecture = pick(random, ["made", "direct", "local"])
    inputs = sites * (1 if values == 2 else values)
    widths = [inputs, *hidden, sites * (values - 1)]
    if architecture == "local":
        values, window = 2, int(pick(random, [1, 2]))
        arrays, extra = {"field": random.random(2 ** (2 * window * (window + 1)), np.float32)}, {"window": window}
    else:
        arrays = {f"layers.{i}.bias": random.random(n, np.float32) for i, n in enumerate(widths[1:])}
        arrays |= {
            f"layers.{i}.weight": random.random((n, m), np.float32)
            for i, (m, n) in enumerate(itertools.pairwise(widths))
        }
        if architecture == "direct":
            arrays["direct.weight"] = random.random((widths[-1], inputs), np.float32)
        extra = {"order": random.permutation(sites).tolist()}
    header = {
        "architecture": architecture, "interactions": None, "temperature": 2.5, "size": 3, "sites": sites,
        "values": values, "alphabet": list(range(1 - values, values, 2)), "transform": "raw", "hidden": hidden,
        "energy_offset": -1.5, "training_loss": [1.0], "validation_loss": [1.0], "settings": {"seed": 1}, **extra,
    }  # fmt: skip
    for _ in range(int(random.integers(0, 3))):
        key = pick(random, sorted(header))
        header[key] = pick(random, HOSTILE)
        if random.random() < 0.2:
            del header[key]
    if random.random() < 0.2:
        name = pick(random, sorted(arrays))
        arrays[name] = pick(
            random, [arrays[name][:-1], arrays[name].astype("f8"), arrays[name][None], arrays[name] * np.nan]
        )
    text = json.dumps(header, indent=1, sort_keys=True)
    if random.random() < 0.1:
        text = pick(
            random, ["[" * 10**5, '{"a":' * 10**5, "9" * 10**6, text[:-1], "NaN", "[]", '"x"', "\x00", "\ud800"]
        )
    return save({k: np.ascontiguousarray(v) for k, v in arrays.items()}), text.encode(errors="surrogatepass")


KINDS = {
    ".npy": npy,
    ".npz": npz,
    ".h5": hdf5,
    ".nc": netcdf,
    ".cdf": classic,
    ".png": png,
    ".tif": tiff,
    ".safetensors": model,
}
