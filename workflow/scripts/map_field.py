"""The mapping of the field Y for each reading of what it couples to."""

from spinnet import io, job
from spinnet.rg import mapping

settings = job.start(snakemake)
small, large = (io.read_chains(snakemake.input[name], "observables") for name in ("small", "large"))
result = mapping.map_field(small, large, settings)
io.write(result, snakemake.output.mapping, "field mapping", "Mapping of the field Y", settings)
