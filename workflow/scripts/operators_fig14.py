"""Fig. 14 of Mills & Tamblyn: images that maximise two filters."""

from spinnet import io, job
from spinnet.plotting import operators_fig14, style

settings = job.start(snakemake)
data = {"activations": io.read(snakemake.input.activations, "activations")}
style.save(operators_fig14.plot, data, settings, snakemake.output.figure)
