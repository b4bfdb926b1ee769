"""Confusion by class of the networks that classify 4x4 and 8x8 states."""

from spinnet import io, job
from spinnet.plotting import operators_confusion, style

settings = job.start(snakemake)
data = {name: io.read(snakemake.input[name], "predictions") for name in ("small", "large")}
style.save(operators_confusion.plot, data, settings, snakemake.output.figure)
