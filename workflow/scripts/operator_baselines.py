"""Errors and times of standard regressors on the energy of the Ising model."""

from spinnet import io, job
from spinnet.operators.baselines import baselines

settings = job.start(snakemake)
data = io.read(snakemake.input.data, "operator data")
result = baselines(data, settings, lambda items: job.progress(items, "regressor"))
io.write(result, snakemake.output.baselines, "baselines", "Standard regressors of the Ising energy", settings)
