"""Replicas of the problem "reweighting" of the calibration."""

from spinnet import io, job
from spinnet.calibration import reweighting

settings = job.start(snakemake)
result = reweighting.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica")
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: reweighting", settings)
