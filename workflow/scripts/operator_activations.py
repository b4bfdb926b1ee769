"""Filters of the demonstration network, and the images that maximise two of them."""

from spinnet import io, job
from spinnet.operators.activations import activations

settings = job.start(snakemake)
arrays, _ = io.read_model(snakemake.input.weights)
result = activations(arrays, settings)
io.write(result, snakemake.output.activations, "activations", "Filters and images that maximise their output", settings)
