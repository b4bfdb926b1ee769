"""Fig. 13 of Mills & Tamblyn: kernels of the demonstration network."""

from spinnet import io, job
from spinnet.plotting import operators_fig13, style

settings = job.start(snakemake)
data = {"activations": io.read(snakemake.input.activations, "activations")}
style.save(operators_fig13.plot, data, settings, snakemake.output.figure)
