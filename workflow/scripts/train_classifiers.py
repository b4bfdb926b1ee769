"""Train the classifiers of one kind on one lattice size."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.classification import learn_classifiers

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
ensemble = io.read(snakemake.input.ensemble, "ensemble")
source = snakemake.input.ensemble
arrays, header = learn_classifiers(ensemble, source, settings, lambda items: job.progress(items, "epoch"), checkpoint)
io.write_model(arrays, header, snakemake.output.weights)
checkpoint.remove()
