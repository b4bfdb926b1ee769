"""Fig. 8 of Mills & Tamblyn: magnetization of the 4x4 Ising model."""

from spinnet import io, job
from spinnet.plotting import operators_fig8, style

settings = job.start(snakemake)
data = {"chains": io.read(snakemake.input.chains, "operator chains")}
style.save(operators_fig8.plot, data, settings, snakemake.output.figure)
