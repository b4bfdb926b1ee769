"""The ledger of claims as the workflow makes it."""

import csv
import shutil
from pathlib import Path

import pytest

from spinnet.ledger import claims

ROOT = Path(__file__).parents[2]
LEDGER, GALLERY = "the ledger of claims", "the gallery of figures"
# What the smoke preset does not have: the outlook, a third data set, a GPU, a wide field, a theta_Y of small error.
NOT_RUN = [
    "Continuous degrees of freedom, and quantum systems by imaginary time",
    "Misclassified 4x4 states of 65 536, third data set",
    "8x8 accuracy on the test part, second data set",
    "8x8 accuracy on the test part, third data set",
    "Energies a second, network over the explicit sum over images, both on a GPU",
    "<f> at beta = 0.40 in the largest field, reweighting minus direct sampling from cold starts",
    "delta from theta_Y",
]


def read(workflow):
    with (workflow.folder / "results/ledger.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def claimed():
    return claims.read_claims(ROOT / "config/claims.yaml")


def test_every_file_behind_a_claim_is_made_by_a_rule(copy, claimed):
    """In a copy without results, so that a file without a rule cannot pass because it is there."""
    workflow = copy("claims")
    paths = claims.files(claimed)
    assert workflow.run("-n", *paths).returncode == 0
    wrong = workflow.run("-n", *paths, "results/encoder/no_such_table.csv")
    assert wrong.returncode != 0
    assert "results/encoder/no_such_table.csv" in wrong.stderr + wrong.stdout
    assert workflow.planned("results/ledger.html") == {LEDGER}
    assert {LEDGER, "tests that claims name", "drawing results/fig4.pdf"} <= workflow.planned("all")


def test_every_claim_has_a_row_with_a_number_of_the_run(finished, claimed):
    rows = read(finished)
    assert [(r["id"], r["item"]) for r in rows] == [(n, e.item) for n, entries in claimed.items() for e in entries]
    assert sorted(r["item"] for r in rows if r["verdict"] == "not run") == sorted(NOT_RUN)
    for row in rows:
        assert row["verdict"] in ("reproduced", "refuted", "underdetermined", "shown", "not run")
        if row["verdict"] in ("reproduced", "refuted"):
            assert row["value"], row
        if row["file"]:
            assert row["made_by"], row
    tested = [r for r in rows if r["rule"] == "the test passes"]
    assert {r["verdict"] for r in tested} == {"reproduced"}
    assert len(tested) > 15


def test_seeds_are_those_of_the_files(finished):
    """Exact solutions, couplings folded from a sum, and tests have none."""
    rows = [r for r in read(finished) if r["verdict"] != "not run"]
    assert {r["seeds"] for r in rows} == {"2020", ""}
    without = {r["file"] for r in rows if not r["seeds"]}
    assert without == {claims.CHECKS, "results/analysis/exact_L16.nc", "results/operators/density_of_states_L4.nc"}


def test_the_page_shows_every_figure_and_links_what_is_there(finished, claimed):
    text = (finished.folder / "results/ledger.html").read_text()
    figures = {entry.figure for entries in claimed.values() for entry in entries if entry.figure}
    assert text.count("data:image/png;base64,") == len(figures)
    for path in {row["file"] for row in read(finished) if row["file"] and row["verdict"] != "not run"}:
        assert f'href="{path.removeprefix("results/")}"' in text
    assert 'href="../rules/figures.smk">encoder_encoders</a>' in text


def test_a_missing_file_is_a_row_that_was_not_run_and_nothing_is_computed_for_it(finished, copy):
    workflow = copy("part")
    shutil.copytree(finished.folder / "results", workflow.folder / "results")
    shutil.copytree(finished.folder / ".snakemake", workflow.folder / ".snakemake")
    assert workflow.planned("results/ledger.html") == set()
    (workflow.folder / "results/rg/table1.csv").unlink()
    assert workflow.planned("results/ledger.html") == {LEDGER}
    result = workflow.run("results/ledger.html")
    assert result.returncode == 0, result.stdout + result.stderr
    rows = [r for r in read(workflow) if r["file"] == "results/rg/table1.csv"]
    assert len(rows) > 10
    assert {(r["verdict"], r["command"]) for r in rows} == {("not run", "snakemake --cores 2 results/rg/table1.csv")}
    assert workflow.planned("all") == {LEDGER, GALLERY, "drawing results/rg/table1"}


def test_a_broken_file_of_claims_is_one_sentence(copy):
    workflow = copy("wrong")
    path = workflow.folder / "config/claims.yaml"
    path.write_text(path.read_text().replace("rule: {at_most: 1.782}", "rule: {at_msot: 1.782}"))
    result = workflow.run("-n", "results/ledger.html")
    assert result.returncode != 0
    assert "config/claims.yaml: M11.0.rule.at_msot: is not a known key" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
