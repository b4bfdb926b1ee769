"""Sampling without bias: figure and table."""

from spinnet import documents, io, job
from spinnet.plotting import encoder_sampling, style

settings = job.start(snakemake)
kinds = ("importance", "algorithms")
files = {name: path for name, path in snakemake.input.items() if name.startswith(kinds)}
data = {name: io.read(path, name.split("_")[0]) for name, path in files.items()}
data |= {"names": settings["names"], "labels": settings["labels"]}
style.save(encoder_sampling.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_sampling.table(data), snakemake.output.table, settings)
