"""Rows of the ledger, out of its table."""

import json

import pandas as pd

NUMBERS = ("paper_value", "paper_error", "exact", "error", "pull_exact", "pull_paper")


def read_rows(path):
    """List of dicts as `spinnet.ledger.rows` makes them, from ledger.csv; None where there is nothing."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return [_row(row) for row in frame.to_dict("records")]


def _row(row):
    row = {key: text or None for key, text in row.items()}
    row |= {key: float(row[key]) for key in NUMBERS if row[key]}
    return row | {"unit": row["unit"] or "", "value": _value(row["value"])}


def _value(text):
    """A number, a list of numbers, or the text of a setting."""
    try:
        return json.loads(text or "null")
    except ValueError:
        return text
