"""Direct sampling of E - V f Y (eq. 3 of Bachtis, Aarts & Lucini)."""

import numpy as np
import xarray as xr

from spinnet.samplers.field import FieldChains

STARTS = ["hot", "cold"]


def direct(network, settings, progress):
    """Averages of chains of E - V f Y at one beta for several Y.

    network: arrays of one network.  settings: seed, beta, size, moves ("wolff" or
    "metropolis"), fields [J], chains_per_start, samples, every.  As many measurements again are left out at the start.
    Returns f, f_squared, abs_magnetization, energy (field, start, chain), means over each chain's
    measurements.
    """
    fields, size = settings["fields"], settings["size"]
    names = ("f", "f_squared", "abs_magnetization", "energy")
    rows = {name: [] for name in names}
    for field in progress(fields):
        chains = FieldChains(
            settings["moves"], network, size, settings["beta"], field, 2 * settings["chains_per_start"],
            settings["seed"], "rg direct", settings["moves"], settings["beta"], field,
        )  # fmt: skip
        chains.record(settings["samples"], settings["every"])
        energy, magnetization, f = chains.record(settings["samples"], settings["every"])
        for name, series in (
            ("f", f),
            ("f_squared", f * f),
            ("abs_magnetization", np.abs(magnetization) / size**2),
            ("energy", energy / size**2),
        ):
            means = series.mean(1)
            rows[name].append([means[0::2], means[1::2]])
    dims = ("field", "start", "chain")
    result = xr.Dataset(
        {name: (dims, np.array(rows[name]), {"units": "J" if name == "energy" else "1"}) for name in names},
        {
            "field": ("field", np.array(fields), {"units": "J"}),
            "start": STARTS,
            "beta": ((), settings["beta"], {"units": "1/J"}),
        },
    )
    return result.assign_attrs(moves=settings["moves"], size=size)
