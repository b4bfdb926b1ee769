"""Fig. 6 of Mills & Tamblyn."""

from spinnet import io, job
from spinnet.plotting import operators_fig6, style

settings = job.start(snakemake)
data = {"predictions": [io.read(path, "predictions") for path in snakemake.input.predictions]}
style.save(operators_fig6.plot, data, settings, snakemake.output.figure)
