"""Algorithms that sample one learned Hamiltonian, side by side."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.encoder.algorithms import compare

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
arrays, header = io.read_model(snakemake.input.weights)
result = compare(arrays, header, settings, lambda items: job.progress(items, "sweeps"), checkpoint)
io.write(result, snakemake.output.algorithms, "algorithms", f"Algorithms with model {settings['name']}", settings)
checkpoint.remove()
