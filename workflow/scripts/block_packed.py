"""Majority blockings of a large ensemble."""

from spinnet import io, job
from spinnet.rg import ensembles

settings = job.start(snakemake)
ensemble = io.read(snakemake.input.ensemble, "packed ensemble")
result = ensembles.blocked(ensemble, settings, lambda items: job.progress(items, "chain"))
io.write(result, snakemake.output.blocked, "blocked ensemble", f"Majority blockings of {settings['name']}", settings)
