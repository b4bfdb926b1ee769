"""Likelihood of the test part under a trained network, KL gap, and ancestral samples at T0."""

from spinnet import evaluation, io, job

settings = job.start(snakemake)
dataset = io.read(snakemake.input.dataset, "dataset")
arrays, header = io.read_model(snakemake.input.weights)
spins = io.read(snakemake.input.ensemble, "ensemble")["spins"].values[0]
result = evaluation.evaluate(dataset, spins, arrays, header, settings)
io.write(result, snakemake.output.likelihood, "likelihood", f"Likelihood of model {settings['name']}", settings)
