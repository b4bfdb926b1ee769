"""A user's own configurations: every format gives the same ensemble, every mistake one sentence."""

import importlib.util
import json
import zipfile
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
from PIL import Image

from spinnet.ensembles import to_dataset
from spinnet.errors import UserError
from spinnet.own import read_arrays
from spinnet.own.ensemble import read_ensemble

PARTS = {"train": 16, "validation": 2, "test": 2}
SETTINGS = {"name": "mine", "temperature": 2.5, "variable": None, "tile": None, "pixels_per_site": 1, **PARTS}
NUMBER, SIZE = 207, 4


def spins(number=NUMBER, size=SIZE):
    return 1 - 2 * np.random.default_rng(5).integers(0, 2, (number, size, size), np.int8)


def read(paths, **changes):
    paths = paths if isinstance(paths, list) else [paths]
    return read_ensemble(paths, SETTINGS | changes)


def found(paths, **changes):
    return read(paths, **changes)["spins"].values[0]


def save(path, array, name="spins"):
    """Write an array in the format of the file's ending."""
    suffix = path.suffix
    if suffix == ".npy":
        np.save(path, array)
    elif suffix == ".npz":
        np.savez_compressed(path, **{name: array, "energy": np.zeros(len(array))})
    elif suffix == ".h5":
        with h5py.File(path, "w") as file:
            file.create_dataset(f"T=2.5/{name}", data=array)
            file.create_dataset("T=2.5/staggered", data=np.zeros((len(array), 4)))
    else:
        classic = "NETCDF3_CLASSIC" if suffix == ".cdf" else "NETCDF4"
        with netCDF4.Dataset(path, "w", format=classic) as file:
            for axis, length in enumerate(array.shape):
                file.createDimension(f"d{axis}", length)
            file.createVariable(name, array.dtype, [f"d{axis}" for axis in range(array.ndim)])[...] = array
    return path


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".h5", ".nc", ".cdf"])
@pytest.mark.parametrize("dtype", ["i1", "f4", "i2"])
def test_every_format_gives_the_same_spins(tmp_path, suffix, dtype):
    path = save(tmp_path / f"x{suffix}", spins().astype(dtype))
    assert (found(path) == spins()[:200]).all()


def test_the_ensemble_goes_through_to_a_data_set(tmp_path):
    ensemble = read(save(tmp_path / "x.npy", spins()))
    assert ensemble["chain"].values.tolist() == np.repeat(np.arange(20), 10).tolist()
    assert ensemble.attrs["interactions"] == "null"
    assert len(ensemble.attrs["source_sha256"]) == 64
    dataset = to_dataset(ensemble, {"seed": 1, "name": "mine", "transform": "raw", **PARTS})
    assert np.bincount(dataset["part"].values).tolist() == [160, 20, 20]
    assert dataset["values"].attrs["alphabet"].tolist() == [-1, 1]
    assert "energy" not in dataset


@pytest.mark.parametrize(
    ("values", "alphabet"),
    [
        ([0, 1], [-1, 1]),
        ([False, True], [-1, 1]),
        ([0.0, 0.1], [-1, 1]),
        ([3, 255], [-1, 1]),
        ([-4, -2, 0, 2, 4], [-4, -2, 0, 2, 4]),
        ([0, 1, 2], [-2, 0, 2]),
        ([-0.5, 0.5, 1.5, 2.5], [-3, -1, 1, 3]),
        ([0, 10, 30], [-3, -1, 3]),
        (list(range(16)), list(range(-15, 16, 2))),
    ],
)
def test_any_finite_alphabet_is_centred(tmp_path, values, alphabet):
    index = np.random.default_rng(6).integers(0, len(values), (200, 3, 3))
    path = save(tmp_path / "x.npy", np.array(values)[index].reshape(200, 9))
    ensemble = read(path)
    assert ensemble["spins"].attrs["alphabet"].tolist() == alphabet
    assert ensemble["spins"].attrs["values_in_file"].tolist() == [float(v) for v in values]
    assert (ensemble["spins"].values[0] == np.array(alphabet)[index]).all()


def with_nan():
    array = spins().astype(float)
    array[100, 1, 2] = np.nan
    return array


WRONG = {
    "3 x 4": (spins()[:, :3], r"\(207, 3, 4\), which is not square; allowed are \(configurations, L, L\)"),
    "flat 12": (spins()[:, :3].reshape(-1, 12), "not square"),
    "4 dimensions": (spins()[None], "4 dimensions"),
    "1 dimension": (spins().ravel(), "1 dimensions"),
    "few": (spins(199), "found 199 configurations; needed are 200"),
    "NaN": (with_nan(), "NaN or infinite"),
    "complex": (spins().astype(complex), "type complex128"),
    "text": (np.full((200, 4, 4), "up"), "type <U2"),
    "continuous": (np.random.default_rng(1).random((200, 4, 4)), "more than 16 different values .* looks continuous"),
    "one value": (np.ones((200, 4, 4)), "the value 1.0 everywhere"),
    "no variation": (np.repeat(spins(1), 200, axis=0), "all 200 configurations are equal"),
    "odd values": (np.array([0.0, 0.3, 1.0])[np.random.default_rng(2).integers(0, 3, (200, 2, 2))], "0, 0.3, 1; more"),
    "wide": (np.array([0, 1, 200])[np.random.default_rng(2).integers(0, 3, (200, 2, 2))], "from 0 to 200"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_arrays_are_refused_with_the_file_and_what_was_found(tmp_path, case):
    array, sentence = WRONG[case]
    with pytest.raises(UserError, match=rf"wrong\.npy: .*{sentence}") as error:
        read(save(tmp_path / "wrong.npy", array))
    assert "\n" not in str(error.value)


def test_nothing_is_unpickled(tmp_path):
    """An object array would run code when it is loaded."""

    class Trap:
        def __reduce__(self):
            return (tmp_path / "sprung").touch, ()

    objects = np.array([Trap()] * 200, object)
    np.save(tmp_path / "x.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "y.npz", spins=objects)
    (tmp_path / "z.npy").write_bytes((tmp_path / "x.npy").read_bytes()[128:])  # the pickle alone
    for name, sentence in (("x.npy", "Python objects"), ("y.npz", "found no array"), ("z.npy", "cannot be read")):
        with pytest.raises(UserError, match=rf"{name}: .*{sentence}"):
            read(tmp_path / name)
    with pytest.raises(UserError, match="Python objects"):
        read(tmp_path / "y.npz", variable="spins")
    assert not (tmp_path / "sprung").exists()


def test_sizes_are_checked_before_loading(tmp_path):
    """Headers that claim much more than there is, and a compressed archive that does unfold."""
    header = {"descr": "<f8", "fortran_order": False, "shape": (10**6, 100, 100)}
    with open(tmp_path / "x.npy", "wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.write(tmp_path / "x.npy", "x.npy")
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("x", shape=(10**6, 100, 100), dtype="f8", chunks=(1, 100, 100))
    for name in ("x.npy", "x.npz", "x.h5"):
        with pytest.raises(UserError, match=rf"{name}: an array of shape .* needs 74\.5 GiB; allowed are 4 GiB"):
            read(tmp_path / name)


def test_no_path_inside_a_file_is_followed(tmp_path):
    save(tmp_path / "other.h5", spins())
    spins().tofile(tmp_path / "raw")
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["link"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "T=2.5/spins")
    with pytest.raises(UserError, match=r"x\.h5: found no variable 'link'; allowed are none"):
        read(tmp_path / "x.h5", variable="link")
    with h5py.File(tmp_path / "y.h5", "w") as file:
        external = [(str(tmp_path / "raw"), 0, h5py.h5f.UNLIMITED)]
        file.create_dataset("spins", spins().shape, "i1", external=external)
    layout = h5py.VirtualLayout(spins().shape, "i1")
    layout[...] = h5py.VirtualSource(str(tmp_path / "other.h5"), "T=2.5/spins", spins().shape)
    with h5py.File(tmp_path / "z.h5", "w") as file:
        file.create_virtual_dataset("spins", layout)
    for name in ("y.h5", "z.h5"):
        with pytest.raises(UserError, match=rf"{name}: /spins keeps its values in other files"):
            read(tmp_path / name)


def test_which_array_is_meant(tmp_path):
    np.savez(tmp_path / "x.npz", a=spins(), b=-spins())
    with pytest.raises(UserError, match=r"found 2 arrays, a, b; name one"):
        read(tmp_path / "x.npz")
    assert (found(tmp_path / "x.npz", variable="b") == -spins()[:200]).all()
    with pytest.raises(UserError, match=r"no variable 'c'; allowed are a, b"):
        read(tmp_path / "x.npz", variable="c")


def test_missing_values_and_broken_files(tmp_path):
    for suffix in (".nc", ".cdf"):
        path = tmp_path / f"x{suffix}"
        with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC" if suffix == ".cdf" else "NETCDF4") as file:
            for name, length in (("n", NUMBER), ("y", SIZE), ("x", SIZE)):
                file.createDimension(name, length)
            variable = file.createVariable("spins", "i1", ("n", "y", "x"), fill_value=-99)
            variable[:-1] = spins()[:-1]
        with pytest.raises(UserError, match="missing values"):
            read(path)
    for suffix in read_arrays.READERS:
        path = tmp_path / f"broken{suffix}"
        path.write_bytes(b"nothing of that kind")
        with pytest.raises(UserError, match=rf"broken{suffix}: cannot be read"):
            read(path)
    with pytest.raises(UserError, match=r"found the ending '\.txt'; allowed: \.png"):
        read(tmp_path / "x.txt")
    with pytest.raises(UserError, match="several files must be images"):
        read([tmp_path / "a.npy", tmp_path / "b.npy"])
    with pytest.raises(UserError, match="found the setting tile, 4, which belongs to images"):
        read(tmp_path / "x.npy", tile=4)


def grey(array):
    """Grey levels 60 and 200 of spins."""
    return np.where(array > 0, 200, 60).astype(np.uint8)


def test_images_of_every_kind(tmp_path):
    """PNG one by one in the order of their numbers, pages of a TIFF in 16 bits, colour."""
    pictures = [Image.fromarray(grey(s)) for s in spins()]
    paths = []
    for number, picture in enumerate(pictures):
        paths.append(tmp_path / f"i{number}.png")
        picture.save(paths[-1])
    assert (found(sorted(paths)) == spins()[:200]).all()
    pages = [Image.fromarray(grey(s).astype(np.uint16) * 200) for s in spins()]
    pages[0].save(tmp_path / "x.tif", save_all=True, append_images=pages[1:])
    assert (found(tmp_path / "x.tif") == spins()[:200]).all()
    for mode in ("RGB", "RGBA", "P"):
        tinted = [Image.merge("RGB", [p, p, Image.new("L", p.size, 30)]).convert(mode) for p in pictures]
        for path, picture in zip(paths, tinted, strict=True):
            picture.save(path)
        assert (found(paths) == spins()[:200]).all()


def test_tiles_and_pixels_per_site(tmp_path):
    """One image of 15 x 14 tiles, with a margin that fills no tile, at 3 x 3 pixels a site."""
    tiles = spins(210)
    whole = tiles.reshape(15, 14, SIZE, SIZE).swapaxes(1, 2).reshape(15 * SIZE, 14 * SIZE)
    pixels = np.pad(grey(whole).repeat(3, 0).repeat(3, 1), ((0, 5), (0, 7)))
    Image.fromarray(pixels).save(tmp_path / "x.png")
    assert (found(tmp_path / "x.png", tile=SIZE, pixels_per_site=3) == tiles[:200]).all()
    with pytest.raises(UserError, match="185 x 175 pixels; without `tile` images are square"):
        read(tmp_path / "x.png", pixels_per_site=3)
    with pytest.raises(UserError, match="a tile needs 300 x 300"):
        read(tmp_path / "x.png", tile=100, pixels_per_site=3)


def test_wrong_images(tmp_path):
    for name, size, level in (("a", 4, (60, 200)), ("b", 5, (60, 200)), ("c", 4, (60, 60))):
        picture = np.where(np.indices((size, size)).sum(0) % 2, *level).astype(np.uint8)
        Image.fromarray(picture).save(tmp_path / f"{name}.png")
    with pytest.raises(UserError, match=r"b\.png: images of mixed sizes, 4 and 5"):
        read([tmp_path / "a.png", tmp_path / "b.png"])
    with pytest.raises(UserError, match=r"c\.png: found one grey level \(60\)"):
        read(tmp_path / "c.png")
    (tmp_path / "d.png").write_bytes((tmp_path / "a.png").read_bytes()[:45])
    with pytest.raises(UserError, match=r"d\.png: .*cannot be read"):
        read(tmp_path / "d.png")
    with pytest.raises(UserError, match="variable, 'x', which belongs to files with arrays"):
        read(tmp_path / "a.png", variable="x")


def example(name):
    path = Path(__file__).parents[2] / "examples" / f"{name}.py"
    specification = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("noise", "wrong", "warned"), [(0.0, 0.0, False), (20.0, 5e-4, False), (100.0, 0.4, True)])
def test_spins_are_recovered_from_noise_and_blur(tmp_path, noise, wrong, warned):
    """A domain wall through each image, drawn with blur and noise; images beyond repair are noticed."""
    random, camera = np.random.default_rng(7), example("make_images")
    walls = random.integers(4, 12, (200, 16, 1)) + random.integers(-1, 2, (200, 16, 1))
    truth = np.where(np.arange(16) < walls, 1, -1).astype(np.int8)
    camera.NOISE = noise
    for number, image in enumerate(camera.draw(truth, random)):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    ensemble = read([tmp_path / f"{number}.png" for number in range(200)], pixels_per_site=4)
    assert (ensemble["spins"].values[0] != truth).mean() <= wrong
    assert any("grey levels" in w for w in json.loads(ensemble.attrs["warnings"])) == warned


def warnings_of(path, array):
    return json.loads(read(save(path, array)).attrs["warnings"])


def test_warnings(tmp_path):
    path, random = tmp_path / "x.npy", np.random.default_rng(8)
    independent = 1 - 2 * random.integers(0, 2, (2000, 8, 8))
    assert warnings_of(path, independent) == []
    assert "correlation time in the given order is" in warnings_of(path, np.repeat(independent[:500], 4, axis=0))[0]
    copied = independent.copy()
    copied[1900:] = copied[:100]
    assert "25.0 % of the held-out configurations are in the training part" in warnings_of(path, copied)[0]
    fixed = independent.copy()
    fixed[:, 0, :3] = 1
    assert any("3 sites have the same value" in w for w in warnings_of(path, fixed))
    open_edge = np.sign(independent + np.roll(independent, 1, 1) + np.roll(independent, 1, 2))[:, 1:7, 1:7]
    assert ["not periodic" in w for w in warnings_of(path, open_edge)] == [True]
    periodic = np.sign(independent + np.roll(independent, 1, 1) + np.roll(independent, 1, 2))
    assert warnings_of(path, periodic) == []
