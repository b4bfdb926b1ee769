"""Replicas of the problem "series" of the calibration."""

from spinnet import io, job
from spinnet.calibration import series

settings = job.start(snakemake)
result = series.replicas(range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"))
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: series", settings)
