"""Replicas of the problem "samplers" of the calibration."""

from spinnet import io, job
from spinnet.calibration import samplers
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = samplers.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"), checkpoint
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: samplers", settings)
checkpoint.remove()
