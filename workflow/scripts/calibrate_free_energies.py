"""Replicas of the problem "free_energies" of the calibration."""

from spinnet import io, job
from spinnet.calibration import free_energies
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = free_energies.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica"), checkpoint
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: free_energies", settings)
checkpoint.remove()
