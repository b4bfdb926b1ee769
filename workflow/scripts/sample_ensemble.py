"""Thinned, equilibrated configurations of the exact Ising Hamiltonian."""

from spinnet import ensembles, io, job
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
dataset = ensembles.sample(settings, lambda items: job.progress(items, "temperature"), checkpoint)
io.write(dataset, snakemake.output.ensemble, "ensemble", f"Ising configurations, {settings['name']}", settings)
checkpoint.remove()
