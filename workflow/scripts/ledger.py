"""The ledger of claims: CSV and HTML from the files of results that are there."""

import pandas as pd

from spinnet import documents, job
from spinnet.ledger.claims import read_claims
from spinnet.ledger.page import page
from spinnet.ledger.rows import COLUMNS, rows
from spinnet.ledger.thumbnails import thumbnail

settings = job.start(snakemake)
available = set(snakemake.input.results)
found = rows(read_claims(snakemake.input.claims), available, settings["makers"])
pictures = {row["figure"]: thumbnail(row["figure"]) for row in found if row["figure"] in available}
documents.write_table(pd.DataFrame(found, columns=COLUMNS), snakemake.output.csv, settings)
text = page(found, available, pictures, settings["sources"])
documents.write_html(text, snakemake.output.html, settings)
