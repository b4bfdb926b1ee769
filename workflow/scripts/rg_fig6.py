"""Fig. 6 of Bachtis, Aarts & Lucini."""

from spinnet import io, job
from spinnet.plotting import rg_fig6, style

settings = job.start(snakemake)
data = {"mapping": io.read(snakemake.input.mapping, "mapping")}
data["field_mapping"] = io.read(snakemake.input.field_mapping, "field mapping")
style.save(rg_fig6.plot, data, settings, snakemake.output.figure)
