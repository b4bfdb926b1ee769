"""Replicas of the problem "reweighting" of the calibration."""

from spinnet import io, job
from spinnet.calibration import reweighting
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = reweighting.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"), checkpoint
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: reweighting", settings)
checkpoint.remove()
