"""Speed ledger of the long-range energies."""

from spinnet import io, job
from spinnet.plotting import operators_speed, style

settings = job.start(snakemake)
data = {"speed": io.read(snakemake.input.speed, "operator speed")}
style.save(operators_speed.plot, data, settings, snakemake.output.figure)
