"""Couplings of a long-range interaction, folded over all periodic images."""

import xarray as xr

from spinnet import io, job
from spinnet.operators.interactions import couplings

settings = job.start(snakemake)
folded = couplings(settings["size"], settings["kind"], settings["k"], settings["cutoff"])
result = xr.Dataset({"coupling": (("offset_row", "offset_column"), folded, {"units": "J"})})
title = f"Couplings of the {settings['kind']} interaction"
io.write(result, snakemake.output.couplings, "couplings", title, settings)
