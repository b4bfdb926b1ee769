"""Couplings read off learned Hamiltonians, and blind trials of their errors: figure and table."""

import xarray as xr

from spinnet import documents, io, job
from spinnet.plotting import encoder_couplings, style

settings = job.start(snakemake)
files = snakemake.input
data = {name: io.read(path, "read couplings") for name, path in zip(settings["names"], files.couplings, strict=True)}
data["trials"] = xr.concat([io.read(path, "coverage") for path in files.coverage], "trial")
style.save(encoder_couplings.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_couplings.table(data), snakemake.output.table, settings)
