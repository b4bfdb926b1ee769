"""A data set of states and energies for the operators that networks learn."""

from spinnet import io, job
from spinnet.operators.data import make

settings = job.start(snakemake)
result = make(settings)
io.write(result, snakemake.output.data, "operator data", f"States and energies {settings['name']}", settings)
