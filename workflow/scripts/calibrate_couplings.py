"""Replicas of the problem "couplings" of the calibration."""

from spinnet import io, job
from spinnet.calibration import couplings

settings = job.start(snakemake)
result = couplings.replicas(
    range(*settings["replicas"]), settings["seed"], lambda items: job.progress(items, "replica")
)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: couplings", settings)
