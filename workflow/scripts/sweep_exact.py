"""Chains of the exact Ising Hamiltonian at some temperatures of the grid."""

from spinnet import io, job, sweeps

settings = job.start(snakemake)
result = sweeps.exact_sweep(settings["temperatures"], settings, lambda items: job.progress(items, "temperature"))
io.write(result, snakemake.output.sweep, "sweep", f"Sweep {settings['name']}, exact Hamiltonian", settings)
