"""The files of the finished run are as docs/formats.yaml describes them, and it describes no others."""

import csv
import json
import re
import runpy
from fnmatch import fnmatchcase
from pathlib import Path

import netCDF4
import yaml

ROOT = Path(__file__).parents[2]
FORMATS = yaml.safe_load((ROOT / "docs/formats.yaml").read_text())
formats = runpy.run_path(str(ROOT / "docs/_ext/formats.py"))
COMMON = {"title", "Conventions", "schema", "artifact", "format", "settings", "inputs", "software"}
OWN = {"own ensemble", "diagnostics"}  # of a user's configurations, which the run has not


def files(results, pattern):
    return sorted(p for p in results.rglob(pattern) if p.relative_to(results).parts[0] not in ("logs", "benchmarks"))


def described(path, entry):
    """Whether a path from results/ on is one of those that a kind of file has."""
    return any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path) for pattern in entry["file"])


def kind_of_type(dtype):
    return "text" if dtype is str else str(dtype)


def test_netcdf_files_hold_what_is_described(finished):
    results, seen = finished.folder / "results", {}
    for path in files(results, "*.nc"):
        with netCDF4.Dataset(path) as file:
            kind, found = file.schema, set(file.variables)
            entry = FORMATS["netcdf"][kind]
            variables = formats["variables"](entry)
            for name, variable in file.variables.items():
                about = formats["find"](variables, name)
                assert about, (path.name, name)
                assert list(variable.dimensions) == about["dims"].split(), (path.name, name)
                assert kind_of_type(variable.dtype) in about.get("type", "float64").split(" or "), (path.name, name)
                assert getattr(variable, "units", "") in about.get("unit", "").split(" or "), (path.name, name)
            assert set(file.ncattrs()) == COMMON | set(entry.get("attributes", {})), path.name
        assert described(str(path.relative_to(results)), entry), path
        missing = {name for name in variables if not any(fnmatchcase(f, name) for f in found)}
        assert all(variables[name].get("optional") for name in missing), (path.name, missing)
        seen[kind] = seen.get(kind, missing) & missing
    assert set(FORMATS["netcdf"]) - set(seen) == OWN
    assert not any(seen.values()), seen  # optional ones are in some file


def test_tables_have_the_columns_that_are_described(finished):
    results = finished.folder / "results"
    assert {str(p.relative_to(results)) for p in files(results, "*.csv")} == set(FORMATS["tables"])
    for path, entry in FORMATS["tables"].items():
        with (results / path).open() as file:
            header = next(csv.reader(file))
        assert [name for name in header if not formats["find"](entry["columns"], name)] == [], path
        unused = [c for c in entry["columns"] if not any(fnmatchcase(name, c) for name in header)]
        assert unused == [], path


def test_headers_of_models_have_the_keys_that_are_described(finished):
    for folder, entry in FORMATS["models"].items():
        headers = [json.loads(p.read_text()) for p in (finished.folder / "results" / folder).glob("*.json")]
        keys = [set(header) - {"provenance", "seal", "settings"} for header in headers]
        assert set.union(*keys) == set(entry["header"]), folder
