"""Join the temperature chunks of one sweep."""

import xarray as xr

from spinnet import io, job

settings = job.start(snakemake)
parts = [io.read(path, "sweep") for path in snakemake.input.chunks]
result = xr.concat(parts, "temperature", data_vars="minimal", coords="minimal", compat="override")
io.write(result, snakemake.output.sweep, "sweep", f"Sweep {settings['name']}", settings)
