"""Figures and tables with their provenance: PDF, Markdown, and CSV with its metadata beside it."""

import json

from spinnet import provenance
from spinnet.files import atomic
from spinnet.seal import PLACEHOLDER, seal

CSVW = "-metadata.json"  # suffix of the metadata of a table (W3C, Model for Tabular Data and Metadata on the Web)


def write_table(frame, path, settings):
    """Write a pandas DataFrame as CSV without its index, and its provenance as CSVW metadata beside it."""
    with atomic(path) as partial:
        frame.to_csv(partial, index=False, float_format="%.6g")
        digest = provenance.checksum(partial)
    content = {"@context": "http://www.w3.org/ns/csvw", "url": str(path).rpartition("/")[2], "sha256": digest}
    content |= {"provenance": provenance.stamp(path, settings), "seal": PLACEHOLDER}
    with atomic(f"{path}{CSVW}") as partial:
        partial.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
        seal(partial)


def write_markdown(text, path, settings):
    """Write Markdown with its provenance in a comment at the end."""
    with atomic(path) as partial:
        stamp = provenance.text(provenance.stamp(path, settings)).replace("--", r"-\u002d")  # ends a comment
        partial.write_text(f"{text}\n<!-- {stamp}\n{PLACEHOLDER} -->\n")
        seal(partial)


def write_html(text, path, settings):
    """Write HTML with its provenance in a comment at the end, as in Markdown."""
    write_markdown(text, path, settings)


def save_pdf(figure, path, settings):
    """Save a matplotlib figure as PDF with its provenance as keywords, without a date."""
    keywords = provenance.text(provenance.stamp(path, settings))
    with atomic(path) as partial:
        figure.savefig(partial, format="pdf", metadata={"CreationDate": None, "Keywords": keywords})
        with open(partial, "ab") as file:
            file.write(f"%{PLACEHOLDER}\n".encode())
        seal(partial)
