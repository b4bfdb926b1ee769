"""Energy, magnetization and the networks' log odds of an ensemble and of its blockings."""

from spinnet import io, job
from spinnet.rg.observables import observe

settings = job.start(snakemake)
ensemble = io.read(snakemake.input.ensemble, "packed ensemble")
blocks = io.read(snakemake.input.blocked, "blocked ensemble") if snakemake.input.get("blocked") else None
networks = {size: io.read_model(path)[0] for size, path in zip(settings["sizes"], snakemake.input.weights, strict=True)}
result = observe(ensemble, blocks, networks, lambda items: job.progress(items, "level"))
io.write(result, snakemake.output.observables, "observables", f"Networks on {settings['name']}", settings)
