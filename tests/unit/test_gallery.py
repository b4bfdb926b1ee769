"""The gallery: what is missing, run times, numbers as in the ledger, and where files came from."""

import math
import os

import numpy as np
import pandas as pd
import pytest
from lxml import html

from spinnet import documents, provenance
from spinnet.gallery.claimed import read_rows
from spinnet.gallery.machine import machine
from spinnet.gallery.origins import origins
from spinnet.gallery.page import page
from spinnet.gallery.times import busy_time, duration, run_times
from spinnet.ledger.rows import COLUMNS
from spinnet.ledger.thumbnails import thumbnail
from spinnet.plotting.style import plt

SETTINGS = {"script": "nothing.py", "code": "0" * 16}
TIMES = "s\th:m:s\tmax_rss\n"


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    (folder / "benchmarks").mkdir(parents=True)
    return folder


@pytest.fixture
def times(results):
    """Benchmark files of two rules, of a job too short for its memory, and of a job that is no more."""
    measured = {"model_a": "1.5\t0:00:01\t100", "model_b": "2.5\t0:00:02\t300", "fig4": "0.3\t0:00:00\tNA"}
    for name, line in (measured | {"model_old": "9\t0:00:09\t9"}).items():
        (results / f"benchmarks/{name}.tsv").write_text(TIMES + line + "\n")
    patterns = {"fig4": r".*/fig4\.tsv", "train_model": r".*/model_(?P<model>a|b)\.tsv"}
    return run_times(sorted(results.glob("benchmarks/*.tsv")), patterns)


def test_run_times_add_up(times):
    assert times["rule"].tolist() == ["train_model", "fig4"]
    assert times["jobs"].tolist() == [2, 1]
    assert times["seconds"].tolist() == [4.0, 0.3]
    assert times["longest"].tolist() == [2.5, 0.3]
    assert times["memory"][0] == 300
    assert math.isnan(times["memory"][1])


def test_no_job_has_run():
    assert run_times([], {"fig4": "fig4"}).empty


def test_time_in_which_jobs_ran(results):
    """Two side by side, one inside another, a gap, one after it; one of a job that is no more, one too short."""
    jobs = (("a", 10, 110), ("b", 10, 115), ("c", 2, 108), ("d", 5, 205), ("old", 9, 300), ("e", "NA", 400))
    for name, seconds, end in jobs:
        path = results / f"benchmarks/{name}.tsv"
        path.write_text(f"{TIMES}{seconds}\t0:00:00\t1\n")
        os.utime(path, (end, end))
    assert busy_time(results.glob("benchmarks/*.tsv"), {"all": r".*/[a-e]\.tsv"}) == 20
    assert busy_time([], {}) == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (3599.4, "59 min 59 s"), (3599.6, "1 h 00 min"),
     (90061, "25 h 01 min")],
)  # fmt: skip
def test_durations(seconds, text):
    assert duration(seconds) == text


def row(**cells):
    return dict.fromkeys(COLUMNS) | {"id": "N7", "item": "abs(m)", "unit": "", "verdict": "shown"} | cells


ROWS = [
    row(value=0.4407, error=0.0003, exact=0.440687, unit="1/J", figure="results/rg/fig5.pdf", verdict="reproduced",
        pull_exact=0.04, paper_value=0.44063, paper_error=0.00021, pull_paper=0.19),
    row(value=[180, 120], figure="results/fig3.pdf", verdict="underdetermined"),
    row(value="zero", paper_text="as <b>here</b> & there"),
    row(value=15, error=0.0, unit="of 15 cases pass", verdict="reproduced"),
    row(id="M1", verdict="not run", command="snakemake --cores 2 results/operators/table.csv"),
]  # fmt: skip


def test_rows_come_back_from_the_table(results):
    path = results / "ledger.csv"
    documents.write_table(pd.DataFrame(ROWS, columns=COLUMNS), path, SETTINGS)
    assert read_rows(path) == [r | {"unit": r["unit"] or ""} for r in ROWS]


@pytest.fixture
def text(results, times, tmp_path):
    """A page with one figure that is there, and one that is not."""
    figure, axis = plt.subplots(figsize=(7, 3))
    axis.plot(np.arange(3))
    documents.save_pdf(figure, results / "fig5.pdf", SETTINGS)
    plt.close(figure)
    caption = tmp_path / "caption.rst"
    caption.write_text(
        "Fig. 5: <f> against 1/T.\n\n**Look at** the crossing.\n\n.. raw:: html\n\n   <script>no</script>\n"
    )
    shown = {"part": "Bachtis & others", "caption": str(caption)}
    figures = [
        shown | {"path": "results/rg/fig5.pdf", "title": "Fig. 5", "picture": thumbnail(results / "fig5.pdf", 840)},
        shown | {"path": "results/fig3.pdf", "title": "Fig. 3 <wide>", "picture": None},
    ]
    run = {"seeds": [2020], "code": "abc", "versions": {"numpy": ["2", "3"]}, "machine": machine()}
    return page(figures, ROWS, times, run | {"configuration": {"seed": 2020, "note": "</pre><b>"}})


def test_a_missing_figure_is_said_to_be_missing(text):
    tree = html.fromstring(text)
    assert [a.get("id") for a in tree.iter("article")] == ["rg/fig5.pdf"]
    missing = [" ".join(item.text_content().split()) for item in tree.iter("li") if item.find("code") is not None]
    assert missing == ["Fig. 3 <wide>: snakemake --cores 2 results/fig3.pdf"]


def test_a_figure_stands_beside_its_claims_and_its_caption(text):
    tree = html.fromstring(text)
    cells = [" ".join(c.text_content().split()) for c in tree.xpath("//article//tbody//td")]
    assert cells == [
        "N7 abs(m)", "0.44063(21) 1/J", "0.440687 1/J", "0.44070(30) 1/J pull +0.0 exact, +0.2 paper", "reproduced",
    ]  # fmt: skip
    assert [c.text_content() for c in tree.xpath("//article//strong")] == ["Look at"]
    (picture,) = tree.iter("img")
    assert picture.get("width") == "840"
    assert picture.getparent().get("href") == "rg/fig5.pdf"
    names, numbers = ([one.text_content().strip() for one in tree.iter(tag)] for tag in ("dd", "dt"))
    counts = dict(zip(names, map(int, numbers), strict=True))
    assert counts == {"reproduced": 2, "refuted": 0, "underdetermined": 1, "shown": 1, "not run": 1}


def test_times_versions_and_configuration_are_told(text):
    told = " ".join(html.fromstring(text).get_element_by_id("run").getparent().text_content().split())
    assert "Seed 2020. Code abc" in told
    lines = [[cell.text_content() for cell in line.iter("td")] for line in html.fromstring(text).xpath("//section//tr")]
    assert ["train_model", "2", "4.0 s", "2.5 s", "300"] in lines
    assert ["fig4", "1", "0.3 s", "0.3 s", ""] in lines
    assert ["All rules", "3", "4.3 s", "", ""] in lines
    assert ["numpy", "2, 3"] in lines
    assert "note: </pre><b>" in told


def test_nothing_runs_and_nothing_comes_from_elsewhere(text):
    tree = html.fromstring(text)
    assert not list(tree.iter("script", "link", "iframe", "object", "b"))
    assert all(source.startswith("data:image/png;") for source in tree.xpath("//@src"))
    assert not [link for link in tree.xpath("//@href") if "//" in link]


def test_seeds_and_versions_are_those_of_all_files_behind(results, tmp_path):
    """Of a table that was made from another one, from one that is gone, and from a user's own file."""
    own = tmp_path / "own.csv"
    own.write_text("spins\n")
    first, gone, last = (results / f"{name}.csv" for name in ("first", "gone", "last"))
    frame = pd.DataFrame({"value": [1.0]})
    for path, inputs, seed in ((gone, [], 1), (first, [own], 7), (last, [first, gone], None)):
        provenance.begin(inputs)
        documents.write_table(frame, path, SETTINGS | ({} if seed is None else {"seed": seed}))
    assert origins([last])[0] == [1, 7]
    gone.unlink()
    seeds, versions = origins([last])
    assert seeds == [7]
    assert versions["numpy"] == [np.__version__]
    assert origins([]) == ([], {})
