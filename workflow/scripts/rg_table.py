"""Table I of Bachtis, Aarts & Lucini as CSV and as Markdown."""

import pandas as pd

from spinnet import documents, io, job
from spinnet.rg import table

settings = job.start(snakemake)
kinds = {"replicas": "replicas", "search": "search", "mcrg": "mcrg", "mapping": "mapping", "transfer": "mapping"}
data = {name: io.read(snakemake.input[name], kind) for name, kind in kinds.items()}
data["reweighted"] = io.read(snakemake.input.reweighted, "reweighted")
data["direct"] = [io.read(path, "direct") for path in snakemake.input.direct]
rows = table.rows(data)
frame = pd.DataFrame(rows, columns=table.COLUMNS)
documents.write_table(frame, snakemake.output.csv, settings)
documents.write_markdown(table.markdown(rows), snakemake.output.markdown, settings)
