"""The numbers in the text of Mills & Tamblyn, as CSV and as Markdown."""

import csv
from pathlib import Path

from spinnet import io, job
from spinnet.operators import table

job.start(snakemake)
files = snakemake.input
data = {"predictions": {Path(p).stem: io.read(p, "predictions") for p in files.predictions}}
data["headers"] = {Path(p).stem: io.read_model(p)[1] for p in files.weights}
data["chains"] = {Path(p).stem: io.read(p, "operator chains") for p in files.chains}
data["data"] = {Path(p).stem: io.read(p, "operator data") for p in files.data}
for name, kind in (("speed", "operator speed"), ("baselines", "baselines"), ("split", "split")):
    data[name] = io.read(files[name], kind)
rows = table.rows(data)
with io.atomic(snakemake.output.csv) as partial, partial.open("w", newline="") as file:
    csv.writer(file).writerows([table.COLUMNS, *rows])
with io.atomic(snakemake.output.markdown) as partial:
    partial.write_text(table.markdown(rows, data["speed"]))
