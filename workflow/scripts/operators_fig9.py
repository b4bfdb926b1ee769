"""Fig. 9 of Mills & Tamblyn: the 8x8 Ising model."""

from spinnet import io, job
from spinnet.plotting import operators_fig9, style

settings = job.start(snakemake)
data = {name: io.read(snakemake.input[name], "operator chains") for name in operators_fig9.NETWORKS}
style.save(operators_fig9.plot, data, settings, snakemake.output.figure)
