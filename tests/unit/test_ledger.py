"""The ledger of claims: its file, selection of numbers, verdicts, and the page."""

import ast
import base64
import io
import math
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from PIL import Image

from spinnet import documents
from spinnet import io as results
from spinnet.config_messages import ConfigError
from spinnet.errors import UserError
from spinnet.ledger import checks, claims, select
from spinnet.ledger.claims import Entry, Rule, Selector
from spinnet.ledger.page import page
from spinnet.ledger.rows import COLUMNS, rows
from spinnet.ledger.select import NoRow, number, seeds
from spinnet.ledger.thumbnails import WIDTH, thumbnail
from spinnet.ledger.verdict import pull, verdict
from spinnet.seal import SealError
from spinnet.stamps import read_stamp

ROOT = Path(__file__).parents[2]
CLAIMS = claims.read_claims(ROOT / "config/claims.yaml")
OWED = [
    "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N10", "N11", "N12", "N13", "N14", "N15", "N16", "N17",
    "N18", "N19",
    "M1", "M2", "M3", "M4", "M6", "M7", "M8", "M9", "M10", "M11", "M12", "M13", "M14", "M15", "M16", "M17", "M18",
    "M19", "M20", "M21", "M22", "M23", "M24", "M25",
    "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "B13", "B14",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Working directory of a run, without what other tests have read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    select.stamp.cache_clear()
    seeds.cache_clear()
    return tmp_path


def test_every_row_of_the_papers_has_a_rule_or_a_reason():
    assert list(CLAIMS) == OWED
    for name, entries in CLAIMS.items():
        assert all((entry.rule is None) != (entry.reason is None) for entry in entries), name
    assert [name for name, entries in CLAIMS.items() if not any(entry.rule for entry in entries)] == ["N18"]


def test_every_named_test_exists():
    assert len(claims.tests(CLAIMS)) > 15
    for test in claims.tests(CLAIMS):
        path, _, name = test.partition("::")
        defined = {n.name for n in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(n, ast.FunctionDef)}
        assert name in defined, test


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("{item: x}", "N1.0: needs a rule, or a reason"),
        ("{item: x, rule: {at_most: 1}, reason: y}", "N1.0: needs a rule, or a reason"),
        ("{item: x, rule: {at_most: 1}}", "needs ours with a rule that compares"),
        ("{item: x, rule: {at_most: 1, open: y}}", "needs one of exact, paper, at_most"),
        ("{item: x, rule: {exact: 1}, ours: {file: results/a.csv, value: v}}", "rule exact needs the value"),
        ("{item: x, rule: {at_most: 1}, ours: {file: results/a.csv, value: 3.2}}", "must be text"),
        ("{item: x, rule: {at_most: 1}, ours: {file: a.csv, value: v}}", "N1.0.ours.file: found 'a.csv'"),
        ("{item: x, rule: {at_most: 1}, ours: {file: results/a.csv}}", "needs value or setting"),
        ("{item: x, rule: {picture: y}}", "rule picture needs a figure"),
        ("{item: x, rule: {test: test_io.py}}", "N1.0.rule.test"),
        ("{item: x, reason: y, value: 3.2}", "N1.0.value: is not a known key"),
    ],
)
def test_mistakes_in_claims_are_one_sentence(tmp_path, entry, sentence):
    """A number of ours cannot be written down: `value` of `ours` is the name of a column."""
    path = tmp_path / "claims.yaml"
    path.write_text(f"N1: [{entry}]\n")
    with pytest.raises(ConfigError) as caught:
        claims.read_claims(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert sentence in str(caught.value)


def rule(**keys):
    return Rule(**keys)


@pytest.mark.parametrize(
    ("keys", "value", "error", "expected"),
    [
        ({"exact": 0.1}, 1.02, 0.01, "reproduced"),
        ({"exact": 0.1}, 1.04, 0.01, "underdetermined"),
        ({"exact": 0.1}, 0.94, 0.01, "refuted"),
        ({"exact": 0.1}, 1.0, 0.2, "underdetermined"),  # too large an error says nothing
        ({"exact": 0.1}, 3.0, 0.2, "refuted"),  # unless the difference is larger still
        ({"exact": 0.1}, 1.0, None, "underdetermined"),
        ({"exact": 0.1}, 1.05, 0.0, "reproduced"),  # counted: within the tolerance
        ({"exact": 0.1}, 1.2, 0.0, "refuted"),
        ({"paper": 0.1}, 2.14, 0.01, "reproduced"),  # the paper has 2.0(5)
        ({"paper": 0.1}, 2.20, 0.01, "underdetermined"),
        ({"paper": 0.1}, 2.40, 0.01, "refuted"),
        ({"at_most": 1.0}, -0.9, 0.01, "reproduced"),
        ({"at_most": 1.0}, -1.02, 0.01, "underdetermined"),
        ({"at_most": 1.0}, -1.04, 0.01, "refuted"),
        ({"at_most": 1.0}, 0.9, 2.0, "underdetermined"),
        ({"at_most": 1.0}, 0.9, None, "underdetermined"),
        ({"at_most": 0.0}, 0.0, 0.0, "reproduced"),
        ({"at_most": 0.0}, 1.0, 0.0, "refuted"),
        ({"at_least": 5.0}, 5.1, 0.01, "reproduced"),
        ({"at_least": 5.0}, 4.98, 0.01, "underdetermined"),
        ({"at_least": 5.0}, -5.1, 0.01, "refuted"),
        ({"at_least": 0.0}, 0.02, 0.01, "underdetermined"),  # a sign has to be seen
        ({"at_least": 0.0}, 0.04, 0.01, "reproduced"),
        ({"at_least": 0.0}, -0.04, 0.01, "refuted"),
        ({"setting": [180, 120]}, [180, 120], None, "reproduced"),
        ({"setting": [180, 120]}, [120, 180], None, "underdetermined"),
        ({"setting": 60000}, 60000.0, 0.0, "reproduced"),
        ({"picture": "x"}, None, None, "shown"),
        ({"open": "x"}, 3.0, 0.1, "underdetermined"),
    ],
)
def test_verdicts(keys, value, error, expected):
    assert verdict(rule(**keys), value, error, exact=1.0, paper=2.0, paper_error=0.05) == expected


def test_pulls_have_both_errors_and_a_sign():
    assert pull(1.0, 0.3, 2.0, 0.4) == pytest.approx(-2.0)
    assert pull(1.0, 0.0, 1.0) == 0.0
    assert pull(1.0, 0.0, 1.1) == -math.inf


@pytest.fixture
def table(folder):
    """A table and a NetCDF file of results: their paths."""
    frame = pd.DataFrame(
        {
            "name": ["a", "b_1", "b_2", "b_3", "c"],
            "v": [1.0, -4.0, 3.0, 2.0, np.nan],
            "e": [0.3, 0.4, 0.3, np.nan, 1.0],
            "p": [0.5, 0.2, 0.4, 0.8, 0.1],
        }
    )
    documents.write_table(frame, "results/t.csv", {"seed": 7})
    documents.write_table(frame, "results/without_seed.csv", {})
    data = xr.Dataset(
        {"x": (("temperature", "chain"), np.array([[1.0, 2.0, 6.0], [5.0, 5.0, 8.0]])), "one": ((), 4.0)},
        {"temperature": [2.0, 2.5]},
    ).assign(x_error=("temperature", [0.1, 0.2]))
    data = data.assign(log_prob=("sample", np.zeros(3)))
    results.write(data, "results/d.nc", "likelihood", "numbers", {"seed": 8, "hidden": [3, 4]})
    return folder


def found(**keys):
    return number(Selector(**({"file": "results/t.csv", "value": "v", "error": "e"} | keys)))


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("keys", "value", "error", "text"),
    [
        ({"where": {"name": "a"}}, 1.0, 0.3, "name = a"),
        ({"where": {"p": 0.4}}, 3.0, 0.3, "p = 0.4"),
        ({"where": {"name": r"b_\d"}, "take": "first"}, -4.0, 0.4, "name = b_1"),
        ({"where": {"name": r"b_\d"}, "take": "last"}, 2.0, None, "name = b_3"),
        ({"take": "largest"}, -4.0, 0.4, ""),
        ({"take": "smallest"}, 1.0, 0.3, ""),
        ({"where": {"name": "b_1|b_2"}, "take": "range"}, 7.0, 0.5, "name = b_2 minus name = b_1"),
        ({"where": {"name": "b_1|b_2"}, "take": "mean"}, -0.5, 3.5, "mean of 2"),
        ({"take": "sum", "counted": True}, 2.0, 0.0, ""),
        ({"take": "count", "counted": True}, 4.0, 0.0, ""),
        ({"where": {"name": "a"}, "error": None}, 1.0, None, "name = a"),
        (
            {"take": "first", "minus": {"file": "results/t.csv", "value": "v", "error": "e", "where": {"name": "b_1"}}},
            5.0, 0.5, " minus name = b_1",
        ),
        ({"file": "results/d.nc", "value": "one", "error": None}, 4.0, None, ""),
        (
            {"file": "results/d.nc", "value": "x", "error": None, "where": {"temperature": 2.5}, "take": "mean"},
            6.0, 1.0, "mean of 3",
        ),
        (
            {"file": "results/d.nc", "value": "x", "error": "x_error", "where": {"temperature": 2.5, "chain": 2}},
            8.0, 0.2, "temperature = 2.5, chain = 2",
        ),
    ],
)  # fmt: skip
def test_numbers_are_found(keys, value, error, text):
    assert found(**keys) == (pytest.approx(value), error if error is None else pytest.approx(error), text)


@pytest.mark.usefixtures("table")
def test_settings_are_found():
    assert number(Selector(file="results/d.nc", setting="hidden"))[0] == [3, 4]
    with pytest.raises(UserError, match=r"results/d.nc: found no setting 'depth'"):
        number(Selector(file="results/d.nc", setting="depth"))


@pytest.mark.usefixtures("table")
def test_what_cannot_be_found_is_one_sentence():
    with pytest.raises(NoRow, match=r"results/t.csv: this configuration has no row with name = z"):
        found(where={"name": "z"})
    with pytest.raises(UserError, match=r"results/t.csv: found no column 'w'; there are name, v, e, p"):
        found(value="w", take="first")
    with pytest.raises(UserError, match=r"results/d.nc: found no column 'w'"):
        found(file="results/d.nc", value="w")
    with pytest.raises(UserError, match=r"results/t.csv: found 3 rows .*; a claim needs one"):
        found(where={"name": "b.*"})


@pytest.mark.usefixtures("table")
def test_a_changed_file_is_refused():
    text = Path("results/t.csv").read_text()
    Path("results/t.csv").write_text(text.replace("-4", "-5"))
    with pytest.raises(UserError, match=r"results/t.csv: cannot be read .*; rebuild it with"):
        found(take="first")


@pytest.mark.usefixtures("table")
def test_seeds_are_those_of_the_nearest_files_that_have_one(monkeypatch):
    monkeypatch.setattr("spinnet.provenance._inputs", {"results/t.csv": "", "results/d.nc": "", "results/gone.nc": ""})
    documents.write_table(pd.DataFrame({"v": [1]}), "results/above.csv", {"script": "x.py"})
    assert seeds("results/t.csv") == {7}
    assert seeds("results/without_seed.csv") == frozenset()
    assert seeds("results/above.csv") == {7, 8}


ENTRY = {"item": "<script>alert(1)</script> & more", "unit": "J", "exact": 1.0, "paper": {"value": 1.2, "error": 0.4}}
OURS = {"file": "results/t.csv", "value": "v", "error": "e", "where": {"name": "a"}}


def ledger(available, **keys):
    entry = Entry.model_validate(ENTRY | {"ours": OURS, "rule": {"exact": 0.5}} | keys)
    return rows({"B9": [entry]}, available, {"results/t.csv": "table", "results/f.pdf": "figure"})


@pytest.mark.usefixtures("table")
def test_a_row_holds_the_number_its_pulls_seeds_and_source():
    (row,) = ledger({"results/t.csv"})
    assert tuple(row) == COLUMNS
    expected = {"id": "B9", "value": 1.0, "error": 0.3, "pull_exact": 0.0, "verdict": "reproduced", "seeds": "7"}
    expected |= {"file": "results/t.csv", "made_by": "table", "found": "name = a", "command": None}
    assert {name: row[name] for name in expected} == expected
    assert row["pull_paper"] == pytest.approx(-0.4)


@pytest.mark.usefixtures("table")
def test_a_row_without_its_file_or_row_is_not_run():
    (row,) = ledger(set())
    assert (row["verdict"], row["value"]) == ("not run", None)
    assert row["command"] == "snakemake --cores 2 results/t.csv"
    (row,) = ledger({"results/t.csv"}, ours=OURS | {"where": {"name": "z"}})
    assert (row["verdict"], row["value"]) == ("not run", None)
    assert "this configuration has no row" in row["note"]
    (row,) = ledger(set(), ours=None, rule={"picture": "x"}, figure="results/f.pdf")
    assert (row["verdict"], row["command"]) == ("not run", "snakemake --cores 2 results/f.pdf")


@pytest.mark.usefixtures("table")
def test_the_outcome_of_a_test_is_the_verdict():
    name = "tests/unit/test_x.py::test_{}"
    outcomes = [(name.format("good"), 3, 0), (name.format("bad"), 3, 1), (name.format("skipped"), 0, 0)]
    documents.write_table(pd.DataFrame(outcomes, columns=checks.COLUMNS), claims.CHECKS, {})
    verdicts = {
        kind: ledger({claims.CHECKS}, ours=None, rule={"test": name.format(kind)})[0]["verdict"]
        for kind in ("good", "bad", "skipped", "absent")
    }
    assert verdicts == {"good": "reproduced", "bad": "refuted", "skipped": "not run", "absent": "not run"}


def test_cases_of_tests_are_counted(folder):
    tests = folder / "tests" / "unit"
    tests.mkdir(parents=True)
    (tests / "test_x.py").write_text(
        "import pytest\n\n\n@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_some(n):\n    assert n < 3\n\n\n"
        "def test_skipped():\n    pytest.skip('not here')\n\n\ndef test_not_asked():\n    assert False\n"
    )
    names = [f"tests/unit/test_x.py::test_{name}" for name in ("some", "skipped")]
    assert checks.outcomes(names) == [(names[0], 3, 1), (names[1], 0, 0)]
    with pytest.raises(UserError, match="pytest ended with status 4"):
        checks.outcomes(["tests/unit/test_x.py::test_absent"])


class Reader(HTMLParser):
    """Tags that are open, text, and what else the page would load."""

    def __init__(self, text):
        super().__init__()
        self.open, self.loaded, self.ids, self.texts, self.tags = [], [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.tags.add(tag)
        self.loaded += [value for key, value in attributes if key in ("src", "srcset", "data", "action")]
        self.ids += [known["id"]] if "id" in known else []
        if tag not in ("meta", "img", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture
def figure(folder):  # noqa: ARG001
    """A small figure in results/."""
    picture, axes = plt.subplots(figsize=(6, 3))
    axes.plot([0, 1], [0, 1], color="red", linewidth=20)
    documents.save_pdf(picture, "results/f.pdf", {})
    plt.close(picture)
    return "results/f.pdf"


def test_a_thumbnail_is_the_figure(figure):
    uri, size = thumbnail(figure)
    with Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,")))) as image:
        assert image.format == "PNG"
        assert image.size == size == (WIDTH, WIDTH // 2)
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3).astype(int)
    red = (pixels[:, 0] > 200) & (pixels[:, 1] < 80)
    assert 0.02 < red.mean() < 0.5
    assert len(uri) < 40_000


@pytest.mark.usefixtures("table")
def test_the_page_is_whole_static_and_safe(figure):
    available = {"results/t.csv", figure}
    twice = ledger(available, figure=figure) * 2 + ledger(set())
    text = page(twice, available, {figure: thumbnail(figure)}, {"table": "rules/figures.smk"})
    read = Reader(text)
    assert read.open == []
    assert "script" not in read.tags
    assert "link" not in read.tags
    assert [source[:22] for source in read.loaded] == ["data:image/png;base64,"]  # once, a link in the second row
    assert read.ids == ["paper-N", "paper-M", "paper-B", "B9"]
    shown = "".join(read.texts)
    for part in ("<script>alert(1)</script> & more", "1.00(30) J", "1.20(40) J", "reproduced", "not run", "seed 7"):
        assert part in shown
    assert 'href="t.csv"' in text
    assert 'href="../rules/figures.smk"' in text
    assert "url(" not in text
    assert "://" not in text


@pytest.mark.usefixtures("folder")
def test_the_page_carries_its_provenance_and_a_seal():
    documents.write_html("<p>text -- with dashes</p>", "results/ledger.html", {"makers": {"a": "x --> y"}})
    assert read_stamp("results/ledger.html")["settings"] == {"makers": {"a": "x --> y"}}
    text = Path("results/ledger.html").read_text()
    assert text.count("-->") == 1
    Path("results/ledger.html").write_text(text.replace("dashes", "Dashes"))
    with pytest.raises(SealError):
        read_stamp("results/ledger.html")
