"""Train a masked autoregressive network on one data set."""

from spinnet import io, job, learning
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
dataset = io.read(snakemake.input.dataset, "dataset")
arrays, header = learning.learn(dataset, settings, lambda items: job.progress(items, "epoch"), checkpoint)
io.write_model(arrays, header, snakemake.output.weights)
checkpoint.remove()
