"""Fig. 4 of Mills & Tamblyn."""

from spinnet import io, job
from spinnet.plotting import operators_fig4, style

settings = job.start(snakemake)
data = {"predictions": [io.read(path, "predictions") for path in snakemake.input.predictions]}
style.save(operators_fig4.plot, data, settings, snakemake.output.figure)
