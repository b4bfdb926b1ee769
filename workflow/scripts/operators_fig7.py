"""Fig. 7 of Mills & Tamblyn: energy and specific heat of the 4x4 Ising model."""

from spinnet import io, job
from spinnet.plotting import operators_fig7, style

settings = job.start(snakemake)
data = {"chains": io.read(snakemake.input.chains, "operator chains")}
style.save(operators_fig7.plot, data, settings, snakemake.output.figure)
