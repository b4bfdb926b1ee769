"""What a network sees of an ensemble: a transform of its spins, with parts of independent chains."""

from spinnet import ensembles, io, job

settings = job.start(snakemake)
ensemble = io.read(snakemake.input.ensemble, "ensemble")
dataset = ensembles.to_dataset(ensemble, settings)
io.write(dataset, snakemake.output.dataset, "dataset", f"Data set {settings['name']}", settings)
