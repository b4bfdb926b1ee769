"""What theta_Y depends on."""

from spinnet import io, job
from spinnet.plotting import rg_theta, style

settings = job.start(snakemake)
data = {"sensitivity": io.read(snakemake.input.sensitivity, "sensitivity")}
style.save(rg_theta.plot, data, settings, snakemake.output.figure)
