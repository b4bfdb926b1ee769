"""Thinned, equilibrated configurations of the exact Ising Hamiltonian."""

from spinnet import ensembles, io, job

settings = job.start(snakemake)
dataset = ensembles.sample(settings, lambda items: job.progress(items, "temperature"))
io.write(dataset, snakemake.output.ensemble, "ensemble", f"Ising configurations, {settings['name']}", settings)
