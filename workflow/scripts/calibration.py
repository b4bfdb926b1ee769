"""Pulls and coverage of every estimator: figure and table."""

import xarray as xr

from spinnet import documents, io, job
from spinnet.plotting import calibration, style

settings = job.start(snakemake)
data = {}
for problem, files in snakemake.input.items():
    parts = [io.read(path, "calibration") for path in ([files] if isinstance(files, str) else files)]
    data[problem] = xr.concat(parts, "replica", coords="minimal", compat="override")
style.save(calibration.plot, data, settings, snakemake.output.figure)
documents.write_table(calibration.table(data), snakemake.output.table, settings)
