"""Blind trials of the couplings read off learned Hamiltonians, and of their errors."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.encoder import coverage

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = coverage.trials(settings["trials"], settings["seed"], lambda items: job.progress(items, "trial"), checkpoint)
io.write(result, snakemake.output.coverage, "coverage", "Blind trials of couplings", settings)
checkpoint.remove()
