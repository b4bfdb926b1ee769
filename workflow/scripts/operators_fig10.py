"""Fig. 10 of Mills & Tamblyn: magnetizations of the screened Coulomb model."""

from spinnet import io, job
from spinnet.plotting import operators_fig10, style

settings = job.start(snakemake)
data = {"chains": io.read(snakemake.input.chains, "operator chains")}
style.save(operators_fig10.plot, data, settings, snakemake.output.figure)
