"""Replicas of the problem "gaps" of the calibration."""

from spinnet import io, job
from spinnet.calibration import gaps

settings = job.start(snakemake)
result = gaps.replicas(range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"))
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: gaps", settings)
