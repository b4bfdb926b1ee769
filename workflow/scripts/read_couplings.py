"""Couplings of one- to four-spin terms, read off a learned Hamiltonian and off its test configurations."""

from spinnet import io, job, learned
from spinnet.encoder import couplings

settings = job.start(snakemake)
dataset = io.read(snakemake.input.dataset, "dataset")
arrays, header = io.read_model(snakemake.input.weights)
result = couplings.read_or_say_why(dataset, learned.log_weight(arrays, header), header, settings)
io.write(result, snakemake.output.couplings, "read couplings", f"Couplings of model {settings['name']}", settings)
