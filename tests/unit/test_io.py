"""Files appear whole or not at all, carry where they come from, and readers say what is wrong."""

import json

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from safetensors.numpy import load_file

from spinnet import files, provenance
from spinnet.documents import write_markdown, write_table
from spinnet.errors import UserError
from spinnet.files import atomic, claim
from spinnet.io import DataError, read, read_model, write, write_model
from spinnet.seal import SealError, seal, sealed
from spinnet.stamps import read_stamp


@pytest.fixture(autouse=True)
def no_job(monkeypatch):
    """No job has begun in this process."""
    monkeypatch.setattr(files, "_log", None)
    monkeypatch.setattr(provenance, "_inputs", {})


def likelihood(first=0.0):
    return xr.Dataset({"log_prob": ("sample", first - np.arange(3.0)), "energy": ("sample", np.arange(3))})


def save(path, first=0.0):
    write(likelihood(first), path, "likelihood", "a title", {"seed": 3})


def test_round_trip_with_provenance(tmp_path):
    path = tmp_path / "results" / "a" / "x.nc"
    save(path)
    found = read(path, "likelihood")
    assert found["log_prob"].values.tolist() == [0, -1, -2]
    assert found.attrs["title"] == "a title"
    assert found.attrs["settings"] == '{"seed": 3}'
    assert found.attrs["artifact"] == "results/a/x.nc"
    assert "numba" in json.loads(found.attrs["software"])


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        save(tmp_path / folder / "results" / "x.nc")
    assert (tmp_path / "a/results/x.nc").read_bytes() == (tmp_path / "b/results/x.nc").read_bytes()


def test_wrong_kind_and_broken_files_are_named(tmp_path):
    path = tmp_path / "x.nc"
    save(path)
    with pytest.raises(DataError, match=r"x\.nc.*'likelihood'.*'sweep'.*--force"):
        read(path, "sweep")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=r"x\.nc: cannot be read \(it is empty, cut off"):
        read(path, "likelihood")
    with pytest.raises(DataError, match="'log_prob' needs dimensions"):
        write(likelihood().drop_vars("log_prob"), path, "likelihood", "t", {})


def test_every_single_bit_counts(tmp_path):
    """The seal fits no file that differs from the written one in one bit, that of the seal included."""
    path = tmp_path / "x.nc"
    save(path)
    whole = path.read_bytes()
    assert sealed(path) == seal_of(whole)
    random = np.random.default_rng(1)
    positions = [0, len(whole) - 1, len(whole) - 70, *random.integers(0, len(whole), 200)]
    for at in positions:
        broken = bytearray(whole)
        broken[at] ^= 1 << random.integers(8)
        path.write_bytes(broken)
        with pytest.raises(SealError):
            sealed(path)


def seal_of(content):
    return content[-64:].decode()


def test_a_file_without_room_for_a_seal_is_refused(tmp_path):
    (tmp_path / "x").write_bytes(b"no placeholder")
    with pytest.raises(SealError, match="no room"):
        seal(tmp_path / "x")


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")

    def fail():
        with atomic(path) as partial:
            partial.write_text("half")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_earlier_run_of_a_job_writes_nothing(tmp_path):
    """Two runs of one job alive at once: only the one that began last writes."""
    log, path = tmp_path / "job.log", tmp_path / "x.nc"
    earlier = claim(log)
    claim(log).close()  # the later run, as another process would
    files._log = earlier
    with pytest.raises(UserError, match=r"x\.nc: not written, as a later run"):
        save(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["job.log"]
    earlier.close()
    with claim(log):
        save(path)
    assert read(path, "likelihood").attrs["title"] == "a title"


def test_models(tmp_path):
    path = tmp_path / "m.safetensors"
    header = {
        "architecture": "local", "sites": 4, "size": 2, "alphabet": [-1, 1], "window": 1, "temperature": 2.5,
        "energy_offset": 0.0, "interactions": None,
    }  # fmt: skip
    field = np.arange(16, dtype=np.float32).reshape(4, 4).T.ravel()
    write_model({"field": field}, header, path)
    arrays, found = read_model(path)
    assert np.array_equal(arrays["field"], field)
    assert found == header
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == path.with_suffix(".json").stat().st_mode == (tmp_path / "plain").stat().st_mode
    other = tmp_path / "n.safetensors"
    write_model({"field": field + 1}, header, other)
    assert load_file(other)["field"][0] == 1
    path.write_bytes(other.read_bytes())
    with pytest.raises(DataError, match=r"m\.safetensors: belongs to another header than m\.json"):
        read_model(path)
    path.write_bytes(b"nonsense")
    with pytest.raises(DataError, match=r"m\.safetensors: cannot be read"):
        read_model(path)


def test_a_file_under_another_name_is_refused(tmp_path):
    first, second = tmp_path / "results/a.nc", tmp_path / "results/b.nc"
    save(first)
    second.write_bytes(first.read_bytes())
    with pytest.raises(DataError, match=r"b\.nc: is results/a\.nc under another name"):
        read(second, "likelihood")


def test_a_file_made_from_another_version_of_its_input_is_refused(tmp_path):
    source, path = tmp_path / "results/a.nc", tmp_path / "results/b.nc"
    save(source)
    provenance.begin([str(source)])
    save(path)
    assert json.loads(read(path, "likelihood").attrs["inputs"]) == {"results/a.nc": sealed(source)}
    provenance.begin([])
    save(source, first=1.0)
    with pytest.raises(DataError, match=r"b\.nc: was made from another version of results/a\.nc"):
        read(path, "likelihood")


def test_a_file_of_another_format_is_refused(tmp_path):
    path = tmp_path / "x.nc"
    save(path)
    path.write_bytes(path.read_bytes()[:-76])
    with netCDF4.Dataset(path, "a") as file:
        file.setncattr("format", 0)
    with path.open("ab") as file:
        file.write(("seal-sha256:" + "0" * 64).encode())
    seal(path)
    with pytest.raises(DataError, match="is of format 0, this version reads format 1"):
        read(path, "likelihood")


def test_tables_and_text_carry_their_provenance(tmp_path):
    table, text = tmp_path / "results/t.csv", tmp_path / "results/t.md"
    write_table(pd.DataFrame({"a": [1, 2]}), table, {"seed": 3})
    write_markdown("A -- B", text, {"note": "a -- b"})
    assert pd.read_csv(table)["a"].tolist() == [1, 2]
    assert read_stamp(table)["settings"] == {"seed": 3}
    assert text.read_text().startswith("A -- B\n")
    assert read_stamp(text)["settings"] == {"note": "a -- b"}
    table.write_text(table.read_text().replace("2", "3"))
    with pytest.raises(SealError, match=r"does not fit t\.csv-metadata\.json"):
        read_stamp(table)
