"""Replicas of the problem "samplers" of the calibration."""

from spinnet import io, job
from spinnet.calibration import samplers

settings = job.start(snakemake)
result = samplers.replicas(range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"))
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: samplers", settings)
