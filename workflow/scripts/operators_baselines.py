"""Standard regressors beside the network."""

from spinnet import io, job
from spinnet.plotting import operators_baselines, style

settings = job.start(snakemake)
kinds = {"baselines": "baselines", "network": "predictions"}
data = {name: io.read(snakemake.input[name], kind) for name, kind in kinds.items()}
style.save(operators_baselines.plot, data, settings, snakemake.output.figure)
