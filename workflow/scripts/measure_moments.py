"""Moments of the operators of the Monte Carlo renormalization group."""

from spinnet import io, job
from spinnet.rg.monte_carlo_rg import all_moments

settings = job.start(snakemake)
ensemble = io.read(snakemake.input.ensemble, "packed ensemble")
blocks = io.read(snakemake.input.blocked, "blocked ensemble")
result = all_moments(ensemble, blocks, lambda items: job.progress(items, "level"))
io.write(result, snakemake.output.moments, "moments", f"Moments of {settings['name']}", settings)
