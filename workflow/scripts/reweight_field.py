"""Averages over the fields Y and h, reweighted from ensembles at zero field."""

import xarray as xr

from spinnet import io, job
from spinnet.rg.field import reweighted

settings = job.start(snakemake)
parts = [reweighted(io.read(path, "observables"), settings) for path in snakemake.input.observables]
result = xr.concat(parts, "ensemble", coords="different", compat="equals")
io.write(result, snakemake.output.reweighted, "reweighted", "Reweighting in the fields Y and h", settings)
