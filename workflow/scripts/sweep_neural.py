"""Chains of a learned Hamiltonian at some temperatures of the grid."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.neural_sweep import neural_sweep

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
arrays, header = io.read_model(snakemake.input.weights)
temperatures = settings["temperatures"]
result = neural_sweep(temperatures, arrays, header, settings, lambda items: job.progress(items, "sweep"), checkpoint)
io.write(result, snakemake.output.sweep, "sweep", f"Sweep {settings['name']}, learned Hamiltonian", settings)
checkpoint.remove()
