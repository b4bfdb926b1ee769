"""theta_Y for each kind of network, number of networks, and reading."""

from spinnet import io, job
from spinnet.rg.sensitivity import scan

settings = job.start(snakemake)
inputs = zip(settings["classifiers"], snakemake.input.small, snakemake.input.large, strict=True)
observed = {name: tuple(io.read(path, "observables") for path in paths) for name, *paths in inputs}
result = scan(observed, settings["classifiers"])
io.write(result, snakemake.output.sensitivity, "sensitivity", "What theta_Y depends on", settings)
