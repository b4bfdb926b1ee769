"""Replicas of the problem "exponents" of the calibration."""

from spinnet import io, job
from spinnet.calibration import exponents

settings = job.start(snakemake)
truth = io.read(snakemake.input.truth, "truth")
numbers, seed = range(*settings["replicas"]), settings["seed"]
result = exponents.replicas(numbers, seed, truth, lambda items: job.progress(items, "replica"))
io.write(result, snakemake.output.calibration, "calibration", "Calibration of errors: exponents", settings)
