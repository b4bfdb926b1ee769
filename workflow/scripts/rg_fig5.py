"""Fig. 5 of Bachtis, Aarts & Lucini."""

from spinnet import io, job
from spinnet.plotting import rg_fig5, style

settings = job.start(snakemake)
data = {"mapping": io.read(snakemake.input.mapping, "mapping")}
style.save(rg_fig5.plot, data, settings, snakemake.output.figure)
