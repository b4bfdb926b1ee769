"""Outcomes of the tests that claims of the papers name, as CSV."""

import pandas as pd

from spinnet import documents, job
from spinnet.ledger.checks import COLUMNS, outcomes

settings = job.start(snakemake)
frame = pd.DataFrame(outcomes(settings["tests"]), columns=COLUMNS)
documents.write_table(frame, snakemake.output.table, settings)
