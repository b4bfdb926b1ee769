"""Files of states and energies, and which of their states a network learns from."""

import numpy as np
import xarray as xr

from spinnet.errors import UserError


def dataset(states, values, parts, sampling):
    """A dataset of kind "operator data"; sampling: "targeted", "random" or "thermal"."""
    dims = ("sample", "row", "column")
    angles = states.dtype.kind == "f"
    result = xr.Dataset(
        {
            "state": (dims, states, {"long_name": "angle" if angles else "spin", "units": "rad" if angles else "1"}),
            "energy": ("sample", values, {"long_name": "total energy", "units": "J"}),
            "part": ("sample", parts, {"long_name": "part of the hash of the state"}),
        }
    )
    return result.assign_attrs(sampling=sampling)


def training_rows(data, examples):
    """Rows of the first `examples` training configurations, of each energy level if the data are targeted.

    Raises UserError if there are fewer.
    """
    train = np.flatnonzero(data["part"].values == "train")
    groups = [train]
    if data.attrs["sampling"] == "targeted":
        values = data["energy"].values[train]
        groups = [train[values == level] for level in np.unique(values)]
    for group in groups:
        if len(group) < examples:
            raise UserError(f"{data.attrs['title']}: {examples} training examples were asked for, found {len(group)}")
    return np.sort(np.concatenate([group[:examples] for group in groups]))
