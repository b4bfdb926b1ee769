"""Fig. 11 of Mills & Tamblyn: long-range energies."""

from spinnet import io, job
from spinnet.plotting import operators_fig11, style

settings = job.start(snakemake)
data = {name: io.read(snakemake.input[name], "predictions") for name in operators_fig11.KINDS}
data["scan"] = [io.read(path, "predictions") for path in snakemake.input.scan]
style.save(operators_fig11.plot, data, settings, snakemake.output.figure)
