"""Encoders side by side: figure and table."""

import pandas as pd

from spinnet import documents, io, job
from spinnet.plotting import encoder_encoders, style

settings = job.start(snakemake)
kinds = ("likelihood", "deviation")
files = {name: path for name, path in snakemake.input.items() if name.startswith(kinds)}
data = {name: io.read(path, name.split("_")[0]) for name, path in files.items()}
times = {n: path for n in settings["names"] if (path := snakemake.input.get(f"seconds_{n}"))}
data["seconds"] = {n: pd.read_csv(path, sep="\t")["s"].sum() for n, path in times.items()}
data |= {"names": settings["names"], "labels": settings["labels"]}
style.save(encoder_encoders.plot, data, settings, snakemake.output.figure)
documents.write_table(encoder_encoders.table(data), snakemake.output.table, settings)
