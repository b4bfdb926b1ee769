"""Fig. 3 of Bachtis, Aarts & Lucini."""

from spinnet import io, job
from spinnet.plotting import rg_fig3, style

settings = job.start(snakemake)
data = {"reweighted": io.read(snakemake.input.reweighted, "reweighted")}
data["direct"] = [io.read(path, "direct") for path in snakemake.input.direct]
style.save(rg_fig3.plot, data, settings, snakemake.output.figure)
