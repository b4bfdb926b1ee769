"""Fig. 15 of Mills & Tamblyn."""

from spinnet import io, job
from spinnet.plotting import operators_fig15, style

settings = job.start(snakemake)
data = {"split": io.read(snakemake.input.split, "split")}
style.save(operators_fig15.plot, data, settings, snakemake.output.figure)
