"""Train a masked autoregressive network on one data set."""

from spinnet import io, job, learning

settings = job.start(snakemake)
dataset = io.read(snakemake.input.dataset, "dataset")
arrays, header = learning.learn(dataset, settings, lambda items: job.progress(items, "epoch"))
io.write_model(arrays, header, snakemake.output.weights)
