"""Files appear whole or not at all, and readers say what is wrong."""

import numpy as np
import pytest
import xarray as xr

from spinnet.io import DataError, atomic, read, read_model, write, write_model


def likelihood():
    return xr.Dataset({"log_prob": ("sample", -np.arange(3.0)), "energy": ("sample", np.arange(3))})


def test_round_trip_with_provenance(tmp_path):
    path = tmp_path / "a" / "x.nc"
    write(likelihood(), path, "likelihood", "a title", {"seed": 3})
    found = read(path, "likelihood")
    assert found["log_prob"].values.tolist() == [0, -1, -2]
    assert found.attrs["title"] == "a title"
    assert found.attrs["settings"] == '{"seed": 3}'
    assert "numba" in found.attrs["software"]


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name in ("a.nc", "b.nc"):
        write(likelihood(), tmp_path / name, "likelihood", "t", {})
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_wrong_kind_and_broken_files_are_named(tmp_path):
    path = tmp_path / "x.nc"
    write(likelihood(), path, "likelihood", "t", {})
    with pytest.raises(DataError, match=r"x\.nc.*'likelihood'.*'sweep'.*--force"):
        read(path, "sweep")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=r"x\.nc: cannot be read"):
        read(path, "likelihood")
    with pytest.raises(DataError, match="'log_prob' needs dimensions"):
        write(likelihood().drop_vars("log_prob"), path, "likelihood", "t", {})


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")

    def fail():
        with atomic(path) as partial:
            partial.write_text("half")
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_models(tmp_path):
    path = tmp_path / "m.safetensors"
    arrays = {"layers.0.weight": np.arange(6, dtype=np.float32).reshape(2, 3).T}
    write_model(arrays, {"sites": 3}, path)
    found, header = read_model(path)
    assert np.array_equal(found["layers.0.weight"], arrays["layers.0.weight"])
    assert header == {"sites": 3}
    path.write_bytes(b"nonsense")
    with pytest.raises(DataError, match=r"m\.safetensors: cannot be read"):
        read_model(path)
