"""Chains of the exact Ising Hamiltonian at some temperatures of the grid."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.exact_sweep import exact_sweep

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = exact_sweep(settings["temperatures"], settings, lambda items: job.progress(items, "temperature"), checkpoint)
io.write(result, snakemake.output.sweep, "sweep", f"Sweep {settings['name']}, exact Hamiltonian", settings)
checkpoint.remove()
