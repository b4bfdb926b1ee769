"""Distribution of the states of a data set over the values of the hash that splits it."""

from spinnet import io, job
from spinnet.operators.split import histogram

settings = job.start(snakemake)
data = io.read(snakemake.input.data, "operator data")
result = histogram(data["state"].values, data["part"].values)
io.write(result, snakemake.output.split, "split", "Distinct states by the leading bits of SHA3-512", settings)
