"""The numbers in the text of Mills & Tamblyn, as CSV and as Markdown."""

from pathlib import Path

import pandas as pd

from spinnet import documents, io, job
from spinnet.operators import table

settings = job.start(snakemake)
files = snakemake.input
data = {"predictions": {Path(p).stem: io.read(p, "predictions") for p in files.predictions}}
data["headers"] = {Path(p).stem: io.read_model(p)[1] for p in files.weights}
data["chains"] = {Path(p).stem: io.read(p, "operator chains") for p in files.chains}
data["data"] = {Path(p).stem: io.read(p, "operator data") for p in files.data}
for name, kind in (("speed", "operator speed"), ("baselines", "baselines"), ("split", "split")):
    data[name] = io.read(files[name], kind)
rows = table.rows(data)
frame = pd.DataFrame(rows, columns=table.COLUMNS)
documents.write_table(frame, snakemake.output.csv, settings)
documents.write_markdown(table.markdown(rows, data["speed"]), snakemake.output.markdown, settings)
