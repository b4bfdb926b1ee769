"""Search for the critical point from bad starts."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.rg.iteration import search

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
networks = {settings["size"] // 2: io.read_model(snakemake.input.weights)[0]}
result = search(networks, settings, lambda items: job.progress(items, "step"), checkpoint)
io.write(result, snakemake.output.search, "search", "Search for the critical point", settings)
checkpoint.remove()
