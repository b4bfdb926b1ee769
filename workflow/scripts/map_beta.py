"""The mapping of beta, its fixed point, and the exponents."""

from spinnet import io, job
from spinnet.rg import mapping

settings = job.start(snakemake)
small, large = (io.read_chains(snakemake.input[name], "observables") for name in ("small", "large"))
result = mapping.map_beta(small, large, settings)
io.write(result, snakemake.output.mapping, "mapping", "Mapping of beta and its fixed point", settings)
