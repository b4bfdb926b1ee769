"""Claims on orders, noise and the number of configurations: figure and table."""

from spinnet import documents, io, job
from spinnet.plotting import encoder_claims, style

settings = job.start(snakemake)
data = {name: io.read(path, name.split("_")[0]) for name, path in snakemake.input.items()}
data["temperature"] = settings["temperature"]
style.save(encoder_claims.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_claims.table(data), snakemake.output.table, settings)
