"""Fixed point and exponents from disjoint replicas with the paper's statistics."""

from spinnet import io, job
from spinnet.rg import mapping

settings = job.start(snakemake)
small, large = (io.read_chains(snakemake.input[name], "observables") for name in ("small", "large"))
result = mapping.replicas(small, large, settings)
io.write(result, snakemake.output.replicas, "replicas", "Estimates with the paper's statistics", settings)
