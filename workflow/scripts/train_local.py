"""Train a translation-invariant local Hamiltonian on one data set."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.local_learning import learn_local

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
dataset = io.read(snakemake.input.dataset, "dataset")
arrays, header = learn_local(dataset, settings, lambda items: job.progress(items, "epoch"), checkpoint)
io.write_model(arrays, header, snakemake.output.weights)
checkpoint.remove()
