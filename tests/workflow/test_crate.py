"""`make crate`: the finished run as an RO-Crate, from which each file leads back to what made it."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest
from rocrate.rocrate import ROCrate

from spinnet.stamps import read_stamp
from spinnet.verify import artifacts

METADATA = "ro-crate-metadata.json"


def make_crate(folder):
    """The finished process of what `make crate` runs."""
    environment = os.environ | {"PYTHONPATH": "workflow/scripts"}
    command = [sys.executable, "-m", "spinnet.crate"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def crate(finished):
    recipe = subprocess.run(["make", "-n", "crate"], cwd=finished.folder, capture_output=True, text=True)
    assert "-m spinnet.crate" in recipe.stdout
    result = make_crate(finished.folder)
    assert result.returncode == 0, result.stderr
    yield ROCrate(finished.folder)
    (finished.folder / METADATA).unlink()


def listed(values):
    return values if isinstance(values, list) else [values]


def test_every_result_is_there_with_its_checksum(crate, finished):
    paths = artifacts(finished.folder / "results")
    assert len(paths) > 300
    for path in paths:
        entity = crate.get(str(path.relative_to(finished.folder)))
        assert entity["sha256"] == sha256(path.read_bytes()).hexdigest(), path
        assert int(entity["contentSize"]) == path.stat().st_size
    assert crate.mainEntity.id == "Snakefile"


def test_each_result_has_one_action_with_the_inputs_that_it_names(crate, finished):
    actions = [action for action in crate.root_dataset["mentions"] if action.id != "#run"]
    made_by = {result.id: action for action in actions for result in listed(action["result"])}
    paths = {str(path.relative_to(finished.folder)): path for path in artifacts(finished.folder / "results")}
    assert set(made_by) == set(paths)
    for name, path in paths.items():
        action, stamp = made_by[name], read_stamp(path)
        assert action["instrument"].id == f"workflow/scripts/{stamp['settings']['script']}"
        assert {source.id for source in listed(action.get("object", []))} == set(stamp["inputs"])


def test_a_damaged_file_is_one_sentence(finished):
    path = finished.folder / "results/sweeps/spins.nc"
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:500])
        result = make_crate(finished.folder)
    finally:
        path.write_bytes(whole)
    assert result.returncode == 1
    assert result.stderr.startswith("results/sweeps/spins.nc: cannot be trusted")
    assert "Traceback" not in result.stderr
