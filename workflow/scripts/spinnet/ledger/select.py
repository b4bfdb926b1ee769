"""Numbers out of files of results, as the claims say where they are."""

import math
from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr

from spinnet.errors import UserError
from spinnet.io import DataError
from spinnet.provenance import complaint
from spinnet.seal import SealError
from spinnet.stamps import claimed_stamp, read_stamp


class NoRow(UserError):
    """A file of this configuration has no row that a claim asks for."""


@lru_cache(maxsize=512)
def stamp(path):
    """Provenance (dict) of a file of results that is as it was written. Raises DataError."""
    try:
        found = read_stamp(path)
    except (SealError, OSError, ValueError, LookupError) as error:
        raise DataError(path, f"cannot be read ({error})") from None
    if reason := complaint(path, found):
        raise DataError(path, reason)
    return found


def number(selector):
    """(value, standard error, text of the row) that a `claims.Selector` points to; counted numbers have the error 0.

    The error is None where the file gives none. Raises NoRow; UserError if there is no such column.
    """
    known = stamp(selector.file)
    if selector.setting:
        if selector.setting not in known["settings"]:
            raise UserError(f"{selector.file}: found no setting {selector.setting!r}")
        return known["settings"][selector.setting], None, ""
    value, error, text = TAKES.get(selector.take, _row)(selector, _matching(selector))
    error = 0.0 if selector.counted else error
    if selector.minus:
        other, other_error, other_text = number(selector.minus)
        value, text = value - other, f"{text} minus {other_text}"
        error = None if None in (error, other_error) else math.hypot(error, other_error)
    return value, error, text


def _matching(selector):
    """Rows of the file that fit, as a DataFrame."""
    names = dict.fromkeys(n for n in (selector.value, selector.error, *selector.where) if n)
    frame = _table(selector.file, names)
    frame = frame[frame[selector.value].notna()]
    for name, wanted in selector.where.items():
        cells = frame[name]
        fits = cells.astype(str).str.fullmatch(wanted) if isinstance(wanted, str) else np.isclose(cells, wanted)
        frame = frame[fits]
    if frame.empty:
        raise NoRow(f"{selector.file}: this configuration has no row with {_shown(selector.where)}")
    return frame


def _table(path, names):
    """A table, or those variables of a NetCDF file of these names, with their coordinates, as one. Raises UserError."""
    if path.endswith(".csv"):
        frame = pd.read_csv(path)
        _check_names(path, names, frame)
        return frame
    with xr.open_dataset(path, engine="netcdf4") as file:
        _check_names(path, names, [*file.variables, *(d for d in file.dims if d not in file.variables)])
        found = file[[n for n in names if n in file.variables]]
        found = found if found.sizes else found.expand_dims("file")
        return found.to_dataframe().reset_index()


def _check_names(path, names, known):
    for name in names:
        if name not in known:
            raise UserError(f"{path}: found no column {name!r}; there are {', '.join(map(str, known))}")


def _row(selector, frame):
    """One row: the only, the first, the last, that of the largest or of the smallest absolute value."""
    if selector.take == "only" and len(frame) > 1:
        raise UserError(f"{selector.file}: found {len(frame)} rows with {_shown(selector.where)!r}; a claim needs one")
    size = frame[selector.value].abs().to_numpy()
    place = {"last": len(size) - 1, "largest": int(size.argmax()), "smallest": int(size.argmin())}
    row = frame.iloc[place.get(selector.take, 0)]
    error = float(row[selector.error]) if selector.error else math.nan
    return float(row[selector.value]), None if math.isnan(error) else error, _label(selector, row)


def _range(selector, frame):
    """The largest value minus the smallest, of independent rows."""
    high, low = (frame.loc[getattr(frame[selector.value], name)()] for name in ("idxmax", "idxmin"))
    error = math.hypot(high[selector.error], low[selector.error]) if selector.error else None
    text = f"{_label(selector, high)} minus {_label(selector, low)}"
    return float(high[selector.value] - low[selector.value]), error, text


def _mean(selector, frame):
    """Mean of independent rows, with the error from their scatter."""
    values = frame[selector.value].to_numpy(float)
    error = float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else None
    return float(values.mean()), error, f"mean of {len(values)}"


def _sum(selector, frame):
    return float(frame[selector.value].sum()), None, ""


def _count(selector, frame):
    del selector
    return float(len(frame)), None, ""


TAKES = {"range": _range, "mean": _mean, "sum": _sum, "count": _count}


def _label(selector, row):
    """What tells a row from others: its cells under `where`."""
    cells = {n: f"{row[n]:g}" if isinstance(row[n], float) else str(row[n]) for n in selector.where}
    return _shown({n: text for n, text in cells.items() if text})


def _shown(where):
    return ", ".join(f"{name} = {wanted}" for name, wanted in where.items())


@lru_cache(maxsize=4096)
def seeds(path):
    """Seeds behind a file of results, as a frozenset: its own, or else those of the files that it was made from."""
    try:
        known = claimed_stamp(path)
    except (SealError, OSError):  # an intermediate file that is gone
        return frozenset()
    if "seed" in known["settings"]:
        return frozenset([known["settings"]["seed"]])
    root = path.removesuffix(known["artifact"])
    inputs = (other for other in known["inputs"] if other.startswith("results/") and "benchmarks/" not in other)
    return frozenset().union(*(seeds(root + other) for other in inputs))
