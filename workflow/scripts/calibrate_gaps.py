"""Replicas of the problem "gaps" of the calibration."""

from spinnet import io, job
from spinnet.calibration import gaps
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = gaps.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"), checkpoint
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: gaps", settings)
checkpoint.remove()
