"""Files of results: NetCDF4 with schema, provenance and atomic writes; models as safetensors.

A file appears under its final name only when it is whole.  Files hold no time of creation, so
that the same settings give the same bytes; times are in results/benchmarks and the logs.
"""

import json
import os
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import xarray as xr
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from spinnet.errors import UserError

PACKAGES = (
    "numpy", "numba", "scipy", "torch", "xarray", "netCDF4", "pyerrors", "pymbar", "scikit-learn", "scikit-image",
    "h5py",
)  # fmt: skip

# kind of file -> dimensions of the variables that a reader relies on
SCHEMAS = {
    "ensemble": {"spins": ("temperature", "sample", "row", "column"), "chain": ("sample",)},
    "dataset": {"values": ("temperature", "sample", "row", "column"), "part": ("sample",)},
    "sweep": {"magnetization": ("temperature", "start", "chain"), "magnetization_error": ("temperature", "start")},
    "exact": {"energy": ("temperature",), "specific_heat": ("temperature",), "log_partition": ("temperature",)},
    "likelihood": {"log_prob": ("sample",)},
    "deviation": {"magnetization_deviation": ("temperature", "start")},
    "packed ensemble": {"bits": ("chain", "sample", "row", "byte"), "energy": ("chain", "sample")},
    "blocked ensemble": {"bits_1": ("chain", "sample", "row_1", "byte_1")},
    "observables": {"energy": ("chain", "sample"), "magnetization": ("level", "chain", "sample")},
    "moments": {"moments": ("step", "chain", "row", "column")},
    "mapping": {"value": ("blocking", "quantity"), "mapped": ("blocking", "beta")},
    "replicas": {"value": ("blocking", "replica", "quantity"), "error": ("blocking", "replica", "quantity")},
    "field mapping": {"mapped": ("reading", "field")},
    "reweighted": {"f": ("ensemble", "network", "couples_to", "field")},
    "direct": {"f": ("field", "start", "chain")},
    "search": {"beta": ("start", "step"), "crossing": ("start", "step")},
    "sensitivity": {"value": ("case", "reading"), "error": ("case", "reading")},
    "operator data": {"state": ("sample", "row", "column"), "energy": ("sample",), "part": ("sample",)},
    "predictions": {"energy": ("sample",), "predicted": ("sample",), "seen": ("sample",)},
    "operator chains": {"energy": ("hamiltonian", "temperature", "chain"), "identical": ("temperature", "chain")},
    "density of states": {"states": ("energy", "magnetization")},
    "couplings": {"coupling": ("offset_row", "offset_column")},
    "baselines": {"median_error": ("regressor", "examples")},
    "operator speed": {"rate": ("procedure",)},
    "split": {"count": ("bin",)},
    "activations": {"kernel": ("filter", "kernel_row", "kernel_column"), "image": ("choice", "row", "column")},
    "read couplings": {"estimate": ("term",), "estimate_error": ("term",), "network": ("term",)},
    "coverage": {"estimate": ("trial", "term"), "estimate_error": ("trial", "term"), "true": ("trial", "term")},
    "trust": {"effective_fraction": ("temperature",), "trusted": ("temperature",)},
    "importance": {"free_energy": ("temperature",), "effective_fraction": ("temperature",)},
    "algorithms": {"magnetization": ("algorithm", "temperature"), "acceptance": ("algorithm", "temperature")},
    "blocks": {"magnetization": ("lattice", "prediction", "temperature")},
    "ring": {"learned": ("order", "condition"), "ring_divergence": ("size",)},
    "diagnostics": {"conditional": ("part",), "pull": ("comparison",)},
    "calibration": {"value": ("case", "replica"), "error": ("case", "replica"), "exact": ("case", "replica")},
    "truth": {"value": ("blocking", "quantity"), "error": ("blocking", "quantity")},
    "mcrg": {"exponent": ("step", "parity"), "exponent_error": ("step", "parity")},
}


class DataError(UserError):
    """A file of results is not what its reader needs; the message is for the user."""


@contextmanager
def atomic(path):
    """Yield a temporary path beside `path`; on success flush it to disk and rename it to `path`."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        with open(partial, "rb") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write(dataset, path, kind, title, settings):
    """Write an xarray dataset of a `kind` in `SCHEMAS` with provenance attributes."""
    dataset = dataset.assign_attrs(
        title=title,
        Conventions="CF-1.11",
        schema=kind,
        settings=json.dumps(settings, sort_keys=True),
        software=json.dumps(_versions()),
    )
    _check(dataset, path, kind)
    encoding = {name: {"zlib": True, "complevel": 1} for name, v in dataset.variables.items() if v.dtype.kind in "iuf"}
    with atomic(path) as partial:
        dataset.to_netcdf(partial, engine="netcdf4", encoding=encoding)


def _versions():
    """Versions of those `PACKAGES` that the environment of this job has."""
    found = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def write_table(frame, path):
    """Write a pandas DataFrame as CSV, without its index."""
    with atomic(path) as partial:
        frame.to_csv(partial, index=False, float_format="%.6g")


def read(path, kind):
    """Open a results file of a `kind` in `SCHEMAS`. Raises DataError if it is not one."""
    try:
        with xr.open_dataset(path, engine="netcdf4") as file:
            dataset = file.load()
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"{path}: cannot be read ({error}); {_rebuild(path)}") from None
    _check(dataset, path, kind)
    return dataset


def read_chains(paths, kind):
    """Results files that differ in their chains alone, joined along the chains."""
    parts = [read(path, kind) for path in paths]
    joined = xr.concat(parts, "chain", data_vars="minimal", coords="minimal", compat="override")
    return joined.assign_attrs(source=", ".join(paths))


def _check(dataset, path, kind):
    found = dataset.attrs.get("schema")
    if found != kind:
        raise DataError(f"{path}: is a file of kind {found!r}, needed is {kind!r}; {_rebuild(path)}")
    for name, dims in SCHEMAS[kind].items():
        if name not in dataset or dataset[name].dims != dims:
            shape = dict(dataset[name].sizes) if name in dataset else "nothing"
            raise DataError(f"{path}: variable {name!r} needs dimensions {dims}, found {shape}; {_rebuild(path)}")


def _rebuild(path):
    return f"rebuild it with: snakemake --cores 1 --force {path}"


def settings_of(dataset):
    """The settings (dict) that a results file was made with."""
    return json.loads(dataset.attrs["settings"])


def categories(dataset, part, order):
    """Configurations of one part as (samples, N) int8 category indices in the factorisation order.

    order: (N,) site indices.  Datasets of several temperatures are refused.
    """
    if dataset.sizes["temperature"] != 1:
        raise DataError(f"a network learns from one temperature, found {dataset.sizes['temperature']}")
    alphabet = np.asarray(dataset["values"].attrs["alphabet"])
    values = dataset["values"].values[0, dataset["part"].values == part]
    flat = values.reshape(len(values), -1)[:, order]
    return np.searchsorted(alphabet, flat).astype(np.int8)


def write_model(arrays, header, path):
    """Write weights to `path` (.safetensors) and the header (JSON-able dict) beside it (.json)."""
    with atomic(Path(path).with_suffix(".json")) as partial:
        partial.write_text(json.dumps(header, indent=1, sort_keys=True) + "\n")
    with atomic(path) as partial:
        save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, partial)


def read_model(path):
    """(arrays, header) of a model file. Raises DataError if either is unreadable."""
    try:
        return load_file(path), json.loads(Path(path).with_suffix(".json").read_text())
    except (OSError, ValueError, SafetensorError) as error:
        raise DataError(f"{path}: cannot be read ({error}); {_rebuild(path)}") from None
