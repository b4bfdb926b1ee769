"""The gallery: the figures that are there beside the numbers of the ledger, run times, versions and settings."""

from pathlib import Path

from spinnet import documents, job
from spinnet.gallery.claimed import read_rows
from spinnet.gallery.machine import machine
from spinnet.gallery.origins import origins
from spinnet.gallery.page import page
from spinnet.gallery.times import run_times
from spinnet.ledger.select import stamp
from spinnet.ledger.thumbnails import thumbnail

PICTURE = 840  # pixels; letters of a figure of 7 inches stay readable

settings = job.start(snakemake)
available = set(snakemake.input.figures)
figures = [
    figure | {"picture": thumbnail(figure["path"], PICTURE) if figure["path"] in available else None}
    for figure in settings["figures"]
]
stamp(snakemake.input.ledger)  # is as it was written
times = run_times(sorted(Path(snakemake.output.html).parent.glob("benchmarks/*.tsv")), settings["benchmarks"])
seeds, versions = origins(snakemake.input.figures)
run = {
    "seeds": seeds, "versions": {"snakemake": [settings["snakemake"]], **versions}, "machine": machine(),
    "code": settings["all_code"], "configuration": settings["configuration"],
}  # fmt: skip
text = page(figures, read_rows(snakemake.input.ledger), times, run)
documents.write_html(text, snakemake.output.html, settings)
