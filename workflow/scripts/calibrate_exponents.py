"""Replicas of the problem "exponents" of the calibration."""

from spinnet import io, job
from spinnet.calibration import exponents
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
truth = io.read(snakemake.input.truth, "truth")
numbers, seed = range(*settings["replicas"]), settings["seed"]
result = exponents.replicas(numbers, seed, truth, lambda items: job.progress(items, "replica"), checkpoint)
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: exponents", settings)
checkpoint.remove()
