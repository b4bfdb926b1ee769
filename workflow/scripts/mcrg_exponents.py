"""Exponents by Swendsen's Monte Carlo renormalization group."""

from spinnet import io, job
from spinnet.rg.monte_carlo_rg import exponents

settings = job.start(snakemake)
moments = io.read_chains(snakemake.input.moments, "moments")
result = exponents(moments["moments"].values)
io.write(result, snakemake.output.exponents, "mcrg", "Monte Carlo renormalization group", settings)
