"""Table I of Bachtis, Aarts & Lucini as CSV and as Markdown."""

import csv

from spinnet import io, job
from spinnet.rg import table

job.start(snakemake)
kinds = {"replicas": "replicas", "search": "search", "mcrg": "mcrg", "mapping": "mapping", "transfer": "mapping"}
data = {name: io.read(snakemake.input[name], kind) for name, kind in kinds.items()}
data["reweighted"] = io.read(snakemake.input.reweighted, "reweighted")
data["direct"] = [io.read(path, "direct") for path in snakemake.input.direct]
rows = table.rows(data)
with io.atomic(snakemake.output.csv) as partial, partial.open("w", newline="") as file:
    csv.writer(file).writerows([table.COLUMNS, *rows])
with io.atomic(snakemake.output.markdown) as partial:
    partial.write_text(table.markdown(rows))
