"""Fig. 12 of Mills & Tamblyn: energies of the planar Potts model."""

from spinnet import io, job
from spinnet.plotting import operators_fig12, style

settings = job.start(snakemake)
data = {name: io.read(snakemake.input[name], "predictions") for name in operators_fig12.INPUTS}
style.save(operators_fig12.plot, data, settings, snakemake.output.figure)
