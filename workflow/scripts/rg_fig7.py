"""Fig. 7 of Bachtis, Aarts & Lucini: the majority rule."""

from spinnet import job
from spinnet.plotting import rg_fig7, style

settings = job.start(snakemake)
style.save(rg_fig7.plot, {}, settings, snakemake.output.figure)
