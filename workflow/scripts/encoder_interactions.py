"""Learned Hamiltonians of other interactions than Ising's over temperature: figure and table."""

from spinnet import documents, io, job
from spinnet.plotting import encoder_interactions, style

settings = job.start(snakemake)
data = {"names": settings["names"]}
for name in data["names"]:
    data |= {f"{kind}_{name}": io.read(snakemake.input[f"{kind}_{name}"], "sweep") for kind in ("exact", "neural")}
    data[f"header_{name}"] = io.read_model(snakemake.input[f"weights_{name}"])[1]
style.save(encoder_interactions.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_interactions.table(data), snakemake.output.table, settings)
