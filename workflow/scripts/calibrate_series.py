"""Replicas of the problem "series" of the calibration."""

from spinnet import io, job
from spinnet.calibration import series
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = series.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"), checkpoint
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: series", settings)
checkpoint.remove()
