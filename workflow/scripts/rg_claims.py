"""Claims of Bachtis, Aarts & Lucini beyond their figures."""

from spinnet import io, job
from spinnet.plotting import rg_claims, style

settings = job.start(snakemake)
kinds = {"reweighted": "reweighted", "search": "search", "transfer": "mapping", "mcrg": "mcrg", "mapping": "mapping"}
data = {name: io.read(snakemake.input[name], kind) for name, kind in kinds.items()}
style.save(rg_claims.plot, data, settings, snakemake.output.figure)
