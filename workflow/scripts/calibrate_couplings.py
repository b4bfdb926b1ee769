"""Replicas of the problem "couplings" of the calibration."""

from spinnet import io, job
from spinnet.calibration import couplings
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = couplings.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"), checkpoint
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: couplings", settings)
checkpoint.remove()
