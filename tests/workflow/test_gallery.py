"""The gallery as the workflow makes it, and the report of what is there."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from spinnet.ledger.page import VERDICTS
from spinnet.verify import artifacts

ROOT = Path(__file__).parents[2]
GALLERY, LEDGER = "the gallery of figures", "the ledger of claims"
FIGURES = 37  # that claims are about
MADE_WITH = ("snakemake", "numpy", "torch", "netCDF4")


@pytest.fixture(scope="module")
def page(finished):
    return html.parse(finished.folder / "results/index.html").getroot()


@pytest.fixture(scope="module")
def claimed(finished):
    with (finished.folder / "results/ledger.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture
def part(finished, copy):
    """A copy of the finished run, to take from."""
    workflow = copy("gallery")
    for name in ("results", ".snakemake"):
        shutil.copytree(finished.folder / name, workflow.folder / name)
    return workflow


def shown(cell):
    return " ".join(cell.text_content().split())


def test_every_figure_stands_beside_the_numbers_of_the_ledger(page, claimed, finished):
    articles = {article.get("id"): article for article in page.iter("article")}
    drawn = finished.folder.glob("results/**/*.pdf")
    assert set(articles) == {str(path.relative_to(finished.folder / "results")) for path in drawn}
    assert len({row["figure"] for row in claimed} - {""}) == FIGURES
    for name, article in articles.items():
        rows = [row for row in claimed if row["figure"] == f"results/{name}"]
        cells = [[shown(cell) for cell in line.iter("td")] for line in article.xpath(".//tbody/tr")]
        assert [line[0] for line in cells] == [f"{row['id']} {row['item']}" for row in rows]
        assert [line[4] for line in cells] == [row["verdict"] for row in rows]
        for line, row in zip(cells, rows, strict=True):
            assert_same_number(line[3], row["value"], row["error"])
            assert_same_number(line[1], row["paper_value"], row["paper_error"])


def assert_same_number(text, value, error):
    """The text of a cell, with the error of its last digits in parentheses, is the number of the table."""
    if not re.fullmatch(r"-?[\d.]+(e[-+]\d+)?", value):
        return
    number, digits, bracket = re.match(r"(-?\d+(?:\.(\d+))?(?:e[-+]\d+)?)(?:\(([\d.]+)\))?", text).groups()
    unit = 10.0 ** -len(digits or "")
    if bracket:
        assert float(bracket) * (1 if "." in bracket else unit) == pytest.approx(float(error), abs=0.51 * unit)
        assert float(number) == pytest.approx(float(value), abs=0.51 * unit)
    else:
        assert float(number) == pytest.approx(float(value), rel=1e-5)


def test_summary_has_the_ledger_and_its_counts(claimed, finished):
    command = [sys.executable, "-m", "spinnet.gallery.summary"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow/scripts")}
    run = subprocess.run(command, cwd=finished.folder, env=environment, capture_output=True, text=True, check=True)
    lines = [line.strip("| ").replace("\\|", "/").split(" | ") for line in run.stdout.splitlines() if line[:1] == "|"]
    rows = [line for line in lines if len(line) == 7 and re.fullmatch(r"[NMB]\d+", line[0])]
    key = {"N": "Wang", "M": "Mills", "B": "Bachtis"}
    ordered = sorted(claimed, key=lambda row: list(key).index(row["id"][0]))
    assert [(line[0], line[6]) for line in rows] == [(row["id"], row["verdict"]) for row in ordered]
    for line, row in zip(rows, ordered, strict=True):
        assert_same_number(line[4], row["value"], row["error"])
    for letter, author in key.items():
        (counts,) = [line for line in lines if line[0].startswith(author)]
        verdicts = Counter(row["verdict"] for row in claimed if row["id"][0] == letter)
        assert [int(n) for n in counts[1:6]] == [verdicts[name] for name in VERDICTS]
        assert int(counts[6]) == verdicts.total()


def test_every_job_that_has_run_is_counted_once(page, finished):
    names = {path.stem for path in finished.folder.glob("results/benchmarks/*.tsv")} - {"gallery"}
    (total,) = page.xpath("//tfoot/tr")
    assert int(shown(total[1])) == len(names)
    jobs = [int(shown(line[1])) for line in page.xpath("//table[tfoot]/tbody/tr")]
    assert sum(jobs) == len(names)


def test_versions_seed_and_settings_are_those_of_the_run(page):
    told = shown(page.get_element_by_id("run").getparent())
    assert "Seed 2020." in told
    lock = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.lock").read_text(), re.M))
    lines = [[shown(cell) for cell in line.iter("td")] for line in page.xpath("//section//tr")]
    told_versions = {line[0]: line[1].partition("+")[0] for line in lines if len(line) == 2}
    assert {name: told_versions[name] for name in MADE_WITH} == {name: lock[name] for name in MADE_WITH}
    assert "checkpoint_seconds: " in told


def test_nothing_is_made_again_for_other_times(part):
    assert part.planned("results/index.html") == set()
    path = part.folder / "results/benchmarks/fig4.tsv"
    path.write_text(path.read_text().replace("0:00:0", "1:00:0"))
    assert part.planned("all") == set()


def test_a_missing_figure_is_named_and_not_made(part):
    (part.folder / "results/rg/fig1.pdf").unlink()
    assert part.planned("results/index.html") == {LEDGER, GALLERY}
    result = part.run("results/index.html")
    assert result.returncode == 0, result.stdout + result.stderr
    tree = html.parse(part.folder / "results/index.html").getroot()
    assert "rg/fig1.pdf" not in [article.get("id") for article in tree.iter("article")]
    assert [shown(item) for item in tree.xpath("//li[code]")] == [
        "Fig. 1: network and mapping: snakemake --cores 2 results/rg/fig1.pdf"
    ]
    assert part.planned("all") == {"drawing results/rg/fig1", LEDGER, GALLERY}


def test_a_report_does_without_what_is_missing_and_without_a_network(part):
    """Of Fig. 4 alone, as after its own run."""
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        pytest.skip("no network can be taken away here")
    kept = re.findall(r"^results/\S+", part.run("--summary", "results/fig4.pdf").stdout, re.M)
    for path in artifacts(part.folder / "results"):
        if str(path.relative_to(part.folder)) not in kept:
            path.unlink()
    command = [*alone, sys.executable, "-m", "snakemake", "--cores", "1", "--report", "results/report.html", "finished"]
    run = subprocess.run(
        [*command, "--configfile", "config/presets/smoke.yaml"], cwd=part.folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    found = re.search(r"var results = (\{.*\});", (part.folder / "results/report.html").read_text()).group(1)
    assert list(json.loads(found)) == ["results/fig4.pdf"]


def test_a_report_is_no_file_to_be_verified(part):
    """It has no seal; all else in results/ is whole, the gallery too."""
    (part.folder / "results/report.html").write_text("a report")
    environment = os.environ | {"PYTHONPATH": str(part.folder / "workflow/scripts")}
    command = [sys.executable, "-m", "spinnet.verify", "results"]
    run = subprocess.run(command, cwd=part.folder, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    assert "0 not" in run.stdout
