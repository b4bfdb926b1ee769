"""Fig. 4 of Bachtis, Aarts & Lucini."""

from spinnet import io, job
from spinnet.plotting import rg_fig4, style

settings = job.start(snakemake)
data = {"mapping": io.read(snakemake.input.mapping, "mapping")}
style.save(rg_fig4.plot, data, settings, snakemake.output.figure)
