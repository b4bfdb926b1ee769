"""Exact distributions of block sums at every temperature, and what the one at T0 predicts for them."""

from functools import partial

from spinnet import io, job
from spinnet.encoder.blocks import compare, window_shift

settings = job.start(snakemake)
grid, progress = settings["temperatures"], partial(job.progress, label="block sums")
result = compare(grid, settings["temperature"], progress)
result = result.merge(window_shift(settings["sizes"], grid, settings["seed"], progress))
io.write(result, snakemake.output.blocks, "blocks", "Block sums by enumeration", settings)
