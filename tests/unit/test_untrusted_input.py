"""Hostile and damaged files of users end in one sentence, without large allocations and without a look at other files.

Many of them were found by tests/fuzz/fuzz_readers.py.
"""

import contextlib
import itertools
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import psutil
import pytest
import torch
from configuration import assert_refused
from PIL import Image
from safetensors.numpy import save_file

from spinnet import model_files
from spinnet.errors import UserError
from spinnet.learned import network
from spinnet.models.classifier import Classifier
from spinnet.models.convolutional import ConvNet
from spinnet.models.demonstration import Demonstration
from spinnet.models.made import MADE
from spinnet.operators.levels import levels
from spinnet.own import apart, names, reading

SETTINGS = {"variable": None, "tile": None, "pixels_per_site": 1}
ALLOCATED = 2**26  # bytes that a refusal may need
SPINS = np.random.default_rng(1).integers(0, 2, (200, 4, 4), np.int8)
SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"


def read(path, **changes):
    return reading.read([str(path)], SETTINGS | changes)


def assert_refuses(path, sentence, **changes):
    """One printable sentence that names the file, before much memory is taken."""
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match=sentence) as error:
            read(path, **changes)
        assert tracemalloc.get_traced_memory()[1] < ALLOCATED
    finally:
        tracemalloc.stop()
    text = str(error.value)
    assert text.isprintable()
    assert path.name in text
    assert len(text) < 600


def npy(header, data=b"", version=1):
    """An .npy file with any header."""
    if not isinstance(header, bytes):
        header = f"{{'descr': {header[0]}, 'fortran_order': False, 'shape': {header[1]}}}".encode()
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header)) + header + data


LONG = b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1) + bytes(100)
NUMPY = {
    "10^12 values": (npy(("'|i1'", (10**6, 1000, 1000))), "needs 931 GiB; allowed are 4 GiB"),
    "10^90 values": (npy(("'|i1'", (10**30, 10**30, 10**30))), r"needs 9.31e\+80 GiB; allowed are 4 GiB"),
    "2 GiB": (npy(("'|i1'", (2**21, 32, 32))), r"needs 2147483648 sites; allowed are 1073741824"),
    "more than the file": (npy(("'<f8'", (10**4, 10, 10)), SPINS.tobytes()), r"needs 8000000 bytes; its file has 3"),
    "negative": (npy(("'|i1'", (-1, 4, 4)), SPINS.tobytes()), "found 3 dimensions, .-1, 4, 4."),
    "objects": (npy(("'|O'", (200, 4, 4)), SPINS.tobytes()), "holds Python objects"),
    "long text": (npy(("'|S2147483647'", (200, 4, 4)), SPINS.tobytes()), "found values of type .S2147483647"),
    "records": (npy(("[('a', '|i1')]", (200, 4, 4)), SPINS.tobytes()), "found values of type"),
    "arrays of arrays": (npy(("('<i4', (10**9,))", (200, 4, 4)), SPINS.tobytes()), "cannot be read"),
    "128 bits": (npy(("'<f16'", (200, 4, 4)), bytes(51200)), "type float128; allowed are integers, floats of up to 64"),
    "code": (npy(b"__import__('os').system('touch sprung')"), "cannot be read"),
    "parenthesis": (npy(b"(" * 5000), "cannot be read"),
    "minus": (npy(b"-" * 9000 + b"1"), "cannot be read"),
    "number": (npy(b"1" * 5000), "cannot be read"),
    "long header": (npy(b" " * 20000), r"has a header of 20000 bytes; allowed are 10000"),
    "header of 4 GiB": (LONG, "has a header of 4294967295 bytes; allowed are 10000"),
    "version": (npy(("'|i1'", (200, 4, 4)), SPINS.tobytes(), 3), r"is of version \(3, 0\)"),
    "cut off": (npy(("'|i1'", (200, 4, 4)), SPINS.tobytes()[:-1]), "needs 3200 bytes; its file has 3199 at most"),
}  # fmt: skip


@pytest.mark.parametrize("case", NUMPY)
def test_claims_of_numpy_files(tmp_path, case, monkeypatch):
    """Alone, and as a member of an archive, where zeros take no place."""
    monkeypatch.chdir(tmp_path)
    data, sentence = NUMPY[case]
    (tmp_path / "x.npy").write_bytes(data)
    assert_refuses(tmp_path / "x.npy", sentence)
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("spins.npy", data)
    assert_refuses(tmp_path / "x.npz", sentence, variable="spins")
    assert not (tmp_path / "sprung").exists()


def test_archives(tmp_path):
    path, whole = tmp_path / "x.npz", npy(("'|i1'", (200, 4, 4)), SPINS.tobytes())
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("spins.npy", whole)
        assert_refuses(path, "spins is compressed by another method than NumPy's")
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.npy", b"")
    assert_refuses(path, "holds more than the 10000 arrays")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../a\nb.npy", whole)
    assert (read(path)["spins"] == 2 * SPINS - 1).all()
    assert_refuses(path, r"found no variable 'c'; allowed are ../../a\\nb", variable="c")
    for size in range(0, path.stat().st_size, 97):
        (tmp_path / "cut.npz").write_bytes(path.read_bytes()[:size])
        assert_refuses(tmp_path / "cut.npz", "cannot be read")


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    """200 kB that hold 200 MB of zeros: within what deflate can do, but not within its own header, which says 1 kB."""
    header = npy(("'|i1'", (200, 2, 2)), bytes(800))
    with (
        zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w") as member,
    ):
        member.write(header)
        for _ in range(200):
            member.write(bytes(2**20))
    assert (tmp_path / "x.npz").stat().st_size < 2**18
    assert_refuses(tmp_path / "x.npz", "found the value 0 everywhere")


def test_values_that_are_no_numbers_of_a_lattice(tmp_path):
    path = tmp_path / "x.npy"
    path.write_bytes(npy(("'|b1'", (200, 4, 4)), (SPINS.view(np.uint8) + 177).tobytes()))
    assert read(path)["values"].tolist() == [177, 178]  # booleans that are neither 0 nor 1
    for values in ([0, 1e-9, 2e-9], [-1.7e308, 0, 1.7e308], [0, 0.5, 1e300]):
        np.save(path, np.array(values)[np.random.default_rng(1).integers(0, 3, (200, 4, 4))])
        assert_refuses(path, "must have integer distances")
    large = np.array([2**63, 2**63 + 1, 2**63 + 2], np.uint64)
    np.save(path, large[np.random.default_rng(1).integers(0, 3, (200, 4, 4))])
    assert read(path)["alphabet"].tolist() == [-2, 0, 2]


def hdf5(path, **options):
    return h5py.File(path, "w", **options)


def claims_a_shape(file):
    file.create_dataset("spins", (200, 2**30, 2**30), "i1", chunks=(1, 64, 64), compression="gzip")


def claims_more_than_the_file(file):
    file.create_dataset("spins", (200, 1000, 1000), "i1", chunks=(1, 100, 100), compression="gzip")[0, :4, :4] = 1


def claims_a_chunk(file):
    """HDF5 makes room for a whole chunk."""
    shape, plan = (200, 4, 4), h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk((200, 4096, 4096))
    plan.set_deflate(9)
    space = h5py.h5s.create_simple(shape, (h5py.h5s.UNLIMITED,) * 3)
    dataset = h5py.h5d.create(file.id, b"spins", h5py.h5t.NATIVE_INT8, space, plan)
    dataset.write_direct_chunk((0, 0, 0), zlib.compress(SPINS.tobytes()))


def asks_for_a_plugin(file):
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk((200, 4, 4))
    plan.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
    space = h5py.h5s.create_simple((200, 4, 4))
    dataset = h5py.h5d.create(file.id, b"spins", h5py.h5t.NATIVE_INT8, space, plan)
    dataset.write_direct_chunk((0, 0, 0), SPINS.tobytes())


def is_deep(file):
    group = file.id
    for _ in range(11_000):
        group = h5py.h5g.create(group, b"g")


def holds_text(file):
    file.create_dataset("spins", (200, 4, 4), h5py.string_dtype())[...] = "up"


def holds_references(file):
    file.create_dataset("spins", (200, 4, 4), h5py.ref_dtype)[...] = file.ref


def holds_pairs(file):
    file.create_dataset("spins", (200, 4, 4), [("a", "i1"), ("b", "f4", (2,))])


def holds_long_text(file):
    file.create_dataset("spins", (200, 4, 4), "S100000000", chunks=(1, 1, 1))


def is_empty(file):
    file["spins"] = h5py.Empty("i1")


HDF5 = {
    claims_a_shape: r"needs 2.15e\+11 GiB; allowed are 4 GiB",
    claims_more_than_the_file: r"needs 200000000 bytes; its file has \d+ at most",
    claims_a_chunk: r"an array of shape \(200, 4096, 4096\) needs 3355443200 sites",
    asks_for_a_plugin: "is stored with filter 32015; allowed are those of HDF5 itself",
    is_deep: "holds more than the 10000 arrays and groups",
    holds_text: "found values of type object",
    holds_references: "found values of type object",
    holds_pairs: r"found values of type \[\('a'",
    holds_long_text: r"found values of type \|S100000000",
    is_empty: "found 0 dimensions, None",
}


@pytest.mark.parametrize("build", HDF5, ids=lambda build: build.__name__)
def test_claims_of_hdf5_files(tmp_path, build):
    with hdf5(tmp_path / "x.h5", libver="latest") as file:
        build(file)
    for suffix in (".h5", ".nc"):
        path = (tmp_path / "x.h5").rename(tmp_path / f"x{suffix}")
        assert_refuses(path, HDF5[build], **({} if build is is_deep else {"variable": "spins"}))
        path.rename(tmp_path / "x.h5")


def test_names_and_attributes_of_hdf5_files(tmp_path):
    """Loops, names of any bytes, attributes of any type."""
    path = tmp_path / "x.h5"
    with hdf5(path) as file:
        file["group/spins"] = SPINS
        file["group/loop"] = file["/"]
        file["again"] = file["group/spins"]
        for value in ("text", np.array(["a", "b"], object), h5py.Empty("f4"), np.full((2, 2), 7), [1j]):
            file["again"].attrs["_FillValue"] = value
            file.flush()
        file["again"].attrs["missing_value"] = np.arange(100, 5000)
    assert (read(path)["spins"] == 2 * SPINS - 1).all()
    with hdf5(path) as file:
        for number in range(300):
            h5py.h5d.create(file.id, b"\xff\n%d" % number, h5py.h5t.NATIVE_INT8, h5py.h5s.create_simple((200, 4, 4)))
    assert_refuses(path, r"found 300 arrays, .*\\xff\\n0.*\.\.\.; name one of them")


def unlimited_virtual(path, source):
    """A virtual array whose shape is that of another file's array."""
    space = h5py.h5s.create_simple((0, 4, 4), (h5py.h5s.UNLIMITED, 4, 4))
    other = h5py.h5s.create_simple((200, 4, 4), (h5py.h5s.UNLIMITED, 4, 4))
    for selected in (space, other):
        selected.select_hyperslab((0, 0, 0), (1, 1, 1), (1, 1, 1), (h5py.h5s.UNLIMITED, 4, 4))
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_virtual(space, os.fsencode(source), b"spins", other)
    with hdf5(path, libver="latest") as file:
        h5py.h5d.create(file.id, b"spins", h5py.h5t.NATIVE_INT8, space, plan)


def raw(path, source):
    with hdf5(path) as file:
        file.create_dataset("spins", (200, 4, 4), "i1", external=[(str(source), 0, h5py.h5f.UNLIMITED)])


def linked(path, source):
    with hdf5(path) as file:
        file["spins"] = h5py.ExternalLink(str(source), "/spins")
        file["soft"] = h5py.SoftLink("/spins")


@pytest.mark.parametrize("build", [unlimited_virtual, raw, linked])
def test_no_other_file_is_opened(tmp_path, build):
    """The other file keeps its time of access, which a read would change."""
    source, path = tmp_path / "other.h5", tmp_path / "x.h5"
    with hdf5(source) as file:
        file["spins"] = SPINS
    build(path, source)
    os.utime(source, (1, 2))
    assert_refuses(path, "keeps its values in other files|found no variable 'spins'", variable="spins")
    assert_refuses(path, "keeps its values in other files|found no array")
    assert os.stat(source).st_atime == 1
    source.read_bytes()
    if os.stat(source).st_atime == 1:
        pytest.skip("this file system keeps no times of access")


def test_classic_netcdf_claims(tmp_path):
    """The number of records is larger than the file."""
    path = tmp_path / "x.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, length in (("n", None), ("y", 4), ("x", 4)):
            file.createDimension(name, length)
        file.createVariable("spins", "i1", ("n", "y", "x"))[...] = SPINS
    data = bytearray(path.read_bytes())
    data[4:8] = struct.pack(">I", 2**24)
    path.write_bytes(data)
    assert_refuses(path, r"needs 268435456 bytes; its file has \d+ at most")


def png(size, mode=0, chunks=b""):
    """A PNG that claims a size."""
    parts = [struct.pack(">II", *size) + bytes([8, mode, 0, 0, 0]), zlib.compress(bytes(10_000))]
    whole = [b"IHDR" + parts[0], *chunks, b"IDAT" + parts[1], b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in whole
    )


def test_claims_of_images(tmp_path):
    path = tmp_path / "x.png"
    path.write_bytes(png((60_000, 60_000)))
    assert_refuses(path, "exceeds limit of")
    path.write_bytes(png((9000, 9000)))
    assert_refuses(path, r"needs 81000000 bytes; its file has \d+ at most")
    path.write_bytes(png((100, 100), chunks=[b"zTXta\0\0" + zlib.compress(bytes(10**8))]))
    assert_refuses(path, "cannot be read as PNG or TIFF")
    path.write_bytes(png((100, 100), chunks=[b"acTL" + struct.pack(">II", 2**31, 0)]))
    assert_refuses(path, "page 1: cannot be read")
    for file in (path, tmp_path / "x.tif"):
        file.write_bytes(b"II*\0\x08\0\0\0\0\0\0\0\0\0")
        assert_refuses(file, "cannot be read as PNG or TIFF")


def tiff(entries, following):
    """A directory of a TIFF in little endian: [(tag, type, value)], and where the next one is."""
    packed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)


def pages(sizes, last=0):
    """A TIFF whose pages claim sizes and share one strip of 16 pixels; the last one points to `last`."""
    length = 2 + 12 * 8 + 4
    strip = 8 + length * len(sizes)
    data = b"II*\0" + struct.pack("<I", 8)
    for number, (columns, rows) in enumerate(sizes):
        following = 8 + length * (number + 1) if number + 1 < len(sizes) else last
        tags = [
            (256, 4, columns),
            (257, 4, rows),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, strip),
            (278, 4, rows),
        ]
        data += tiff([*tags, (279, 4, 16)], following)
    return data + bytes([60, 200] * 8)


def test_every_page_is_checked(tmp_path):
    """Later pages that claim more than the first, pages in a circle, and many pages, each found once."""
    path = tmp_path / "x.tif"
    path.write_bytes(pages([(4, 4), (60_000, 60_000)]))
    assert_refuses(path, "page 2: an array of shape .* needs 26.8 GiB")
    path.write_bytes(pages([(4, 4), (9000, 9000)]))
    assert_refuses(path, r"page 2: an array of shape \(9000, 9000, 1\) needs 81000000 bytes; its file has \d+ at most")
    path.write_bytes(pages([(4, 4)] * 3, last=8))
    assert_refuses(path, "found 3 configurations; needed are 200")
    path.write_bytes(pages([(4, 4)] * 400))
    assert_refuses(path, "all 400 configurations are equal")


def test_grey_levels_that_differ_by_rounding(tmp_path):
    """Means of the same three levels in another order."""
    levels = np.array([0.1, 0.2, 0.7], np.float32)
    orders = np.array(list(itertools.permutations(range(3))))
    site = levels[orders[np.random.default_rng(1).integers(0, 6, (30, 10))]].reshape(30, 30)
    Image.fromarray(site).save(tmp_path / "x.tif")
    assert_refuses(tmp_path / "x.tif", r"found one grey level \(0.333333\) everywhere", pixels_per_site=3)


@pytest.mark.parametrize(
    "pattern",
    [
        "a;rm -rf b.npy", "$(touch x).npy", "`x`.npy", "a|b.npy", "a&b.npy", "a>b.npy", "a<b.npy", "'a'.npy", '"a".npy',
        "a\nb.npy", "a\tb.npy", "a\\b.npy", "~/a.npy", "{a,b}.npy", "(a).npy", "a!.npy", "a#.npy", "a\x00.npy",
        "../a.npy", "a/../b.npy", "/a/..", "..", "a\u202eb.npy", "a\udcff.npy",
    ],
)  # fmt: skip
def test_patterns_that_are_refused(pattern):
    with pytest.raises(ValueError, match="allowed are") as error:
        names.file_pattern(pattern)
    assert str(error.value).isprintable()


def test_patterns_in_the_configuration():
    entry = {"temperature": 2.5}
    assert_refused(
        "ensembles.mine",
        entry | {"file": "a;b.npy"},
        "found 'a;b.npy'; ';' is refused; allowed are letters, digits, spaces",
    )
    assert_refused(
        "ensembles.mine", entry | {"file": "../a.npy"}, "'..' is refused; allowed are paths from the working"
    )


@pytest.mark.parametrize(
    "name", ["a b.npy", "images-2/i_1.png", "T=2.5,L=16.npy", "größe.npy", "gro\u0308ße.npy", "..a.npy"]
)
def test_names_that_are_allowed(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert names.matching(str(path)) == [str(path)]
    assert names.matching(f"{tmp_path}/{name[:2]}*" if "/" not in name else f"{tmp_path}/*/*") == [str(path)]


def test_matches_that_are_refused(tmp_path):
    """Names on the disk count, too, as they may come from an archive; and what is no file might never end."""
    with pytest.raises(UserError, match=r"no file '.*a\.npy' was found"):
        names.matching(str(tmp_path / "a.npy"))
    (tmp_path / "a.npy").mkdir()
    os.mkfifo(tmp_path / "b.npy")
    (tmp_path / "c.npy").symlink_to(tmp_path / "nothing")
    (tmp_path / "d.npy").symlink_to("/dev/zero")
    (tmp_path / "e.npy").symlink_to("e.npy")
    for name in "abcde":
        with pytest.raises(UserError, match=rf"{name}\.npy is not a file, but a directory, a device, a pipe"):
            names.matching(str(tmp_path / f"[{name}].npy"))
    (tmp_path / "x$(touch y).png").touch()
    with pytest.raises(UserError, match=r"found a file .*; '\$' is refused"):
        names.matching(str(tmp_path / "*.png"))


def test_a_process_of_its_own_reads_the_same(tmp_path):
    np.save(tmp_path / "x.npy", SPINS)
    here, apart_ = read(tmp_path / "x.npy"), apart.read([str(tmp_path / "x.npy")], SETTINGS)
    assert here.keys() == apart_.keys()
    assert all((here[key] == apart_[key]).all() and here[key].dtype == apart_[key].dtype for key in here)
    (tmp_path / "x.npy").write_bytes(LONG)
    with pytest.raises(UserError, match=r"x\.npy: has a header of 4294967295 bytes"):
        apart.read([str(tmp_path / "x.npy")], SETTINGS)


def reader_of(pipe, parent):
    """(process that reads the pipe, our end of it) once it waits for what never comes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):  # ENXIO until there is a reader
            end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            return next(p for p in parent.children() if "spinnet.own.apart" in p.cmdline()), end
        time.sleep(0.05)
    raise AssertionError("nothing reads the pipe")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (signal.SIGSEGV, r"crashed \(SIGSEGV\); the file may be damaged"),
        (signal.SIGXCPU, "did not end in the time that is allowed"),
        (signal.SIGKILL, "was killed, maybe for want of memory"),
    ],
)
def test_a_reader_that_dies_ends_in_a_sentence(tmp_path, number, sentence):
    """A pipe holds the reader in its file until the signal of a crash, of the limit of time, or of the system."""
    os.mkfifo(tmp_path / "x.npy")
    ends = []

    def kill():
        reader, end = reader_of(tmp_path / "x.npy", psutil.Process())
        ends.append(end)
        reader.send_signal(number)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(UserError, match=f"x.npy: cannot be read, as its reader {sentence}"):
        apart.read([str(tmp_path / "x.npy")], SETTINGS)
    killer.join()
    os.close(ends[0])


def test_a_reader_has_limits(tmp_path):
    """The system ends it after a second of computing, of which it needs more, and gives it no more than 200 MB."""
    random = np.random.default_rng(1)
    Image.fromarray(random.integers(0, 255, (6000, 6000), np.uint8)).save(tmp_path / "x.png", compress_level=0)
    with pytest.raises(UserError, match=r"x\.png: cannot be read, as its reader did not end in the time"):
        apart.read([str(tmp_path / "x.png")], SETTINGS | {"tile": 10}, seconds=1)
    with pytest.raises(UserError, match=r"x\.png: (needs more than 200000000 bytes of|cannot be read as PNG)"):
        apart.read([str(tmp_path / "x.png")], SETTINGS | {"tile": 10}, memory=200_000_000)


def test_a_reader_ends_with_its_parent(tmp_path):
    os.mkfifo(tmp_path / "x.npy")
    program = f"from spinnet.own import apart; apart.read([{str(tmp_path / 'x.npy')!r}], {SETTINGS})"
    with subprocess.Popen([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": str(SCRIPTS)}) as parent:
        reader, end = reader_of(tmp_path / "x.npy", psutil.Process(parent.pid))
        parent.kill()
    psutil.wait_procs([reader], timeout=60)
    assert not reader.is_running()
    os.close(end)


def masked(architecture, values, hidden):
    model = MADE(9, values, hidden, architecture == "direct")
    alphabet = list(range(1 - values, values, 2))
    header = {"sites": 9, "values": values, "hidden": hidden, "alphabet": alphabet, "order": list(range(8, -1, -1))}
    return model.arrays(), header | DISTRIBUTION | {"architecture": architecture}


def operator(architecture, learns):
    size = 9 if architecture == "demonstration" else 8
    outputs = len(levels(size)) if learns == "class" else 1
    model = Demonstration(512, 1024) if size == 9 else ConvNet(size, outputs, 2, "zero", True)
    arrays = {name: p.detach().contiguous().numpy() for name, p in model.state_dict().items()}
    header = {"architecture": architecture, "learns": learns, "size": size, "upscale": 2, "padding": "zero"}
    return arrays, header | {"vectors": True, "mean": 0.0, "scale": 1.0}


def classifiers():
    arrays = Classifier(16, 5).arrays()
    return {name: np.stack([array, array]) for name, array in arrays.items()}, {"settings": {}}


DISTRIBUTION = {"temperature": 2.5, "size": 3, "energy_offset": -1.5, "interactions": {"nearest": 1.0}}
LOCAL = {"architecture": "local", "sites": 9, "values": 2, "alphabet": [-1, 1], "window": 1, "hidden": [4]}
MODELS = {
    "made": lambda: masked("made", 2, [12]),
    "direct": lambda: masked("direct", 3, []),
    "local": lambda: ({"field": np.zeros(16, np.float32)}, LOCAL | DISTRIBUTION),
    "convolutional": lambda: operator("convolutional", "energy"),
    "classes": lambda: operator("convolutional", "class"),
    "demonstration": lambda: operator("demonstration", "energy"),
    "classifiers": classifiers,
}


def save(folder, arrays, header):
    save_file(arrays, folder / "m.safetensors")
    (folder / "m.json").write_text(header if isinstance(header, str) else json.dumps(header))
    return folder / "m.safetensors", folder / "m.json"


@pytest.mark.parametrize("kind", MODELS)
def test_models_are_accepted(tmp_path, kind):
    """The shapes that the header promises are those of the networks themselves."""
    torch.manual_seed(1)
    arrays, header = MODELS[kind]()
    found, read_header = model_files.load(*save(tmp_path, arrays, header))
    assert read_header == header
    assert all((found[name] == array).all() for name, array in arrays.items())
    if kind in ("made", "direct"):
        assert all((a == arrays[name]).all() for name, a in network(found, read_header).arrays().items())


HEADERS = [
    ("made", {"sites": 10**12}, "sites holds 1000000000000; allowed are integers from 4 to 1048576"),
    ("made", {"sites": 10**400}, "sites holds 1000"),
    ("made", {"sites": 16}, r"order is .*; allowed are the sites 0 to 15, each once"),
    ("made", {"sites": 10}, "sites is 10; allowed are squares"),
    ("made", {"sites": 9.0}, "sites holds 9.0; allowed are integers"),
    ("made", {"sites": True}, "sites holds True; allowed are integers"),
    ("made", {"sites": "9"}, "sites holds '9'; allowed are integers"),
    ("made", {"hidden": [10**9]}, r"array layers.0.\w+ has the shape \(12,.*, the header says \(1000000000,"),
    ("made", {"hidden": [0]}, "hidden holds 0; allowed are integers from 1"),
    ("made", {"hidden": ["12"]}, "hidden holds '12'; allowed"),
    ("made", {"hidden": [12] * 10_000}, r"the arrays layers.\d+.bias, .* are missing or in excess"),
    ("made", {"hidden": 12}, "hidden is 12; allowed are lists"),
    ("made", {"values": 10**9}, "values holds 1000000000; allowed are integers from 2 to 127"),
    ("made", {"values": 3}, "alphabet has 2 values, 3 are in `values`"),
    ("made", {"alphabet": [1, -1]}, "alphabet is .1, -1.; allowed are increasing"),
    ("made", {"alphabet": [-1, 1.0]}, "alphabet holds 1.0; allowed are integers from -128 to 127"),
    ("made", {"alphabet": {}}, "alphabet is {}; allowed are lists"),
    ("made", {"order": [0] * 9}, "each once"),
    ("made", {"order": list("012345678")}, "each once"),
    ("made", {"temperature": -1.0}, "temperature is -1.0; allowed are positive"),
    ("made", {"temperature": float("nan")}, "temperature is nan; allowed are finite"),
    ("made", {"energy_offset": float("inf")}, "energy_offset is inf; allowed are finite"),
    ("made", {"energy_offset": 10**309}, "energy_offset is 1000"),
    ("made", {"interactions": {"nearest": "1"}}, "nearest is '1'; allowed are finite"),
    ("made", {"interactions": [1]}, r"interactions is \[1\]; allowed are null and an object"),
    ("made", {"architecture": "direct"}, "the arrays direct.weight are missing or in excess"),
    ("made", {"architecture": "../x"}, "architecture is '../x'; allowed are made, direct, local"),
    ("made", {"architecture": ["made"]}, r"architecture is \['made'\]; allowed are"),
    ("made", {"architecture": None}, r"array fc1.weight has the shape \(\); allowed"),
    ("local", {"window": 2}, r"array field has the shape \(16,\), the header says \(4096,\)"),
    ("local", {"window": 40}, "window holds 40; allowed are integers from 1 to 2"),
    ("local", {"alphabet": [-2, 0, 2]}, "the architecture local has two values"),
    ("convolutional", {"size": 10**6}, "size holds 1000000; allowed are integers from 2 to 4096"),
    ("convolutional", {"size": 4096}, r"array hidden.weight has the shape .*, the header says \(1024, 33554432\)"),
    ("convolutional", {"learns": "class"}, r"array out.\w+ has the shape \(1,.*, the header says \(63,"),
    ("convolutional", {"vectors": False}, "array convolutions.0.weight has the shape"),
    ("convolutional", {"vectors": 1}, "vectors is 1; allowed are true and false"),
    ("convolutional", {"padding": "circular"}, "padding is 'circular'; allowed are zero, periodic"),
    ("convolutional", {"mean": None}, "mean is None; allowed are finite"),
    ("demonstration", {"architecture": "convolutional"}, "the arrays .* are missing or in excess"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes", "sentence"), HEADERS)
def test_headers_that_claim_another_network(tmp_path, kind, changes, sentence):
    arrays, header = MODELS[kind]()
    assert_no_model(save(tmp_path, arrays, header | changes), sentence)


def assert_no_model(files, sentence):
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=sentence) as error:
            model_files.load(*files)
        assert tracemalloc.get_traced_memory()[1] < ALLOCATED
    finally:
        tracemalloc.stop()
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 800


@pytest.mark.parametrize(
    "text",
    ["[" * 10**5, '{"a":' * 10**5, "9" * 10**6, "NaN", "[]", '"x"', "", "\x00", '{"sites": 9'],
    ids=["lists", "objects", "digits", "NaN", "list", "text", "empty", "zero", "cut off"],
)
def test_headers_that_are_no_object_of_json(tmp_path, text):
    assert_no_model(save(tmp_path, MODELS["local"]()[0], text), "header: ")


def test_missing_entries_and_wrong_arrays(tmp_path):
    for kind in ("made", "local", "convolutional", "demonstration"):
        arrays, header = MODELS[kind]()
        needed = set(header) - {"hidden", "values"} if kind == "local" else set(header)
        if kind == "demonstration":
            needed = {"architecture", "learns", "vectors", "mean", "scale"}
        for key in needed:
            assert_no_model(
                save(tmp_path, arrays, {k: v for k, v in header.items() if k != key}), "missing|fc1.weight|None"
            )
    field, header = np.zeros(16, np.float32), MODELS["local"]()[1]
    wrong = [field.astype(float), field * np.nan, field[:-1], field[None]]
    for array in wrong:
        assert_no_model(save(tmp_path, {"field": array}, header), "array field ")
    assert_no_model(save(tmp_path, {"field": field, "more": field}, header), "the arrays more are missing or in excess")
    files = save(tmp_path, {"field": field}, header)
    data = files[0].read_bytes()
    for broken in (b"", data[:-1], data[:20], struct.pack("<Q", 2**63) + data[8:], data.replace(b"[16]", b"[-1]")):
        files[0].write_bytes(broken)
        assert_no_model(files, "weights: ")
    files[0].write_bytes(data.replace(b'"F32"', b'"F16"').replace(b"[16]", b"[32]"))
    assert_no_model(files, "array field is of type float16")
