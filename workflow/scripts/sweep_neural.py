"""Chains of a learned Hamiltonian at some temperatures of the grid."""

from spinnet import io, job
from spinnet.neural_sweep import neural_sweep

settings = job.start(snakemake)
arrays, header = io.read_model(snakemake.input.weights)
temperatures = settings["temperatures"]
result = neural_sweep(temperatures, arrays, header, settings, lambda items: job.progress(items, "sweep"))
io.write(result, snakemake.output.sweep, "sweep", f"Sweep {settings['name']}, learned Hamiltonian", settings)
