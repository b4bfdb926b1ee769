"""Files of results: NetCDF4 with a schema, models as safetensors; all with provenance and a checksum inside.

Files hold no time of creation, so that the same settings give the same bytes; times are in
results/benchmarks and the logs.
"""

import json
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import xarray as xr
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from spinnet import model_files, provenance, rebuild
from spinnet.errors import UserError
from spinnet.files import atomic
from spinnet.seal import PLACEHOLDER, SealError, seal, sealed

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

    def __init__(self, path, reason):
        super().__init__(f"{path}: {reason}; rebuild it with: {rebuild.command(path)}")


def write(dataset, path, kind, title, settings):
    """Write an xarray dataset of a `kind` in `SCHEMAS` with its provenance as attributes."""
    stamp = provenance.stamp(path, settings)
    stamp |= {key: provenance.text(stamp[key]) for key in ("settings", "inputs", "software")}
    dataset = dataset.assign_attrs(title=title, Conventions="CF-1.11", schema=kind, **stamp)
    _check(dataset, path, kind)
    encoding = {name: {"zlib": True, "complevel": 1} for name, v in dataset.variables.items() if v.dtype.kind in "iuf"}
    with atomic(path) as partial:
        dataset.to_netcdf(partial, engine="netcdf4", encoding=encoding)
        with open(partial, "ab") as file:  # HDF5 ignores what comes after its end
            file.write(PLACEHOLDER.encode())
        seal(partial)


@contextmanager
def _readable(path):
    """Whatever a file that is not as it was written makes a reader raise becomes DataError."""
    try:
        yield
    except (SealError, OSError, ValueError, LookupError, TypeError, RuntimeError, SafetensorError) as error:
        raise DataError(path, f"cannot be read ({error})") from None


def read(path, kind):
    """Open a results file of a `kind` in `SCHEMAS`. Raises DataError if it is not one, or not as it was written."""
    with _readable(path):
        sealed(path)
        with xr.open_dataset(path, engine="netcdf4") as file:
            dataset = file.load()
    _check(dataset, path, kind)
    _check_provenance(path, stamp_of(dataset.attrs))
    return dataset


def stamp_of(attributes):
    """Provenance (dict) in the attributes of a NetCDF file; of another version, what there is of it."""
    found = {key: attributes[key] for key in ("artifact", "format") if key in attributes}
    return found | {key: json.loads(attributes.get(key, "{}")) for key in ("settings", "inputs", "software")}


def read_chains(paths, kind):
    """Results files that differ in their chains alone, joined along the chains."""
    parts = [read(path, kind) for path in paths]
    joined = xr.concat(parts, "chain", data_vars="minimal", coords="minimal", compat="override")
    return joined.assign_attrs(source=", ".join(paths))


def _check(dataset, path, kind):
    found = dataset.attrs.get("schema")
    if found != kind:
        raise DataError(path, f"is a file of kind {found!r}, needed is {kind!r}")
    for name, dims in SCHEMAS[kind].items():
        if name not in dataset or dataset[name].dims != dims:
            shape = dict(dataset[name].sizes) if name in dataset else "nothing"
            raise DataError(path, f"variable {name!r} needs dimensions {dims}, found {shape}")


def _check_provenance(path, stamp):
    if reason := provenance.complaint(path, stamp):
        raise DataError(path, reason)
    for source in provenance.changed(path, stamp):
        with suppress(SealError):  # a source that is damaged says nothing about this file
            sealed(source)
            raise DataError(path, f"was made from another version of {provenance.name(source)}")


def settings_of(dataset):
    """The settings (dict) that a results file was made with."""
    return json.loads(dataset.attrs["settings"])


def categories(dataset, part, order):
    """Configurations of one part as (samples, N) int8 category indices in the factorisation order.

    order: (N,) site indices.  Datasets of several temperatures are refused.
    """
    if dataset.sizes["temperature"] != 1:
        raise UserError(f"a network learns from one temperature, found {dataset.sizes['temperature']}")
    alphabet = np.asarray(dataset["values"].attrs["alphabet"])
    values = dataset["values"].values[0, dataset["part"].values == part]
    flat = values.reshape(len(values), -1)[:, order]
    return np.searchsorted(alphabet, flat).astype(np.int8)


def write_model(arrays, header, path):
    """Write weights to `path` (.safetensors) and the header (JSON-able dict with settings) beside it (.json)."""
    stamp = provenance.stamp(path, header.get("settings", {}))
    with atomic(path) as partial:
        text = provenance.text(stamp | {"seal": PLACEHOLDER})
        save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, partial, {"provenance": text})
        stamp["weights"] = seal(partial)
    stamp["artifact"] = provenance.name(_header(path))
    with atomic(_header(path)) as partial:
        content = header | {"provenance": stamp, "seal": PLACEHOLDER}
        partial.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
        seal(partial)


def _header(path):
    return Path(path).with_suffix(".json")


def read_model(path):
    """(arrays, header) of a model file. Raises DataError if either is not as it was written, or they are no pair."""
    with _readable(path):
        weights = sealed(path)
        with safe_open(path, "numpy") as file:
            stamp = json.loads(file.metadata()["provenance"])
    _check_provenance(path, stamp)
    beside = _header(path)
    with _readable(beside):
        sealed(beside)
        arrays, header = model_files.load(path, beside)
        stamp, _ = header.pop("provenance"), header.pop("seal")
        partner = stamp["weights"]
    _check_provenance(beside, stamp)
    if partner != weights:
        raise DataError(path, f"belongs to another header than {beside.name}")
    return arrays, header
