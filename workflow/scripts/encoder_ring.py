"""Appendix A of Wang & Jiang: figure and table."""

from spinnet import documents, io, job
from spinnet.plotting import encoder_ring, style

settings = job.start(snakemake)
data = {"ring": io.read(snakemake.input.ring, "ring"), "labels": settings["labels"]}
data |= {f"likelihood_{n}": io.read(path, "likelihood") for n, path in enumerate(snakemake.input.get("likelihood", []))}
style.save(encoder_ring.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_ring.table(data), snakemake.output.table, settings)
