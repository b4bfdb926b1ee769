"""Direct sampling of E - V f Y (eq. 3 of Bachtis, Aarts & Lucini)."""

import numpy as np
import xarray as xr

from spinnet.checkpoint import NONE
from spinnet.samplers.field import FieldChains

STARTS = ["hot", "cold"]


def direct(network, settings, progress, checkpoint=NONE):
    """Averages of chains of E - V f Y at one beta for several Y.

    network: arrays of one network.  settings: seed, beta, size, moves ("wolff" or
    "metropolis"), fields [J], chains_per_start, samples, every.  As many measurements again are left out at the start.
    Returns f, f_squared, abs_magnetization, energy (field, start, chain), means over each chain's
    measurements.
    """
    fields, size = settings["fields"], settings["size"]
    names = ("f", "f_squared", "abs_magnetization", "energy")

    def means(field, part):
        """Means of `names`, (2, chains) each, hot and cold starts."""
        chains = FieldChains(
            settings["moves"], network, size, settings["beta"], field, 2 * settings["chains_per_start"],
            settings["seed"], "rg direct", settings["moves"], settings["beta"], field,
        )  # fmt: skip
        chains.record(settings["samples"], settings["every"], part.part("burn-in"))
        energy, magnetization, f = chains.record(settings["samples"], settings["every"], part.part("samples"))
        series = f, f * f, np.abs(magnetization) / size**2, energy / size**2
        return [np.stack([mean[0::2], mean[1::2]]) for mean in (s.mean(1) for s in series)]

    rows = dict(zip(names, zip(*checkpoint.map(means, fields, progress), strict=True), strict=True))
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
