"""The documentation: links that lead somewhere, names that exist, and tables that leave nothing out."""

import importlib
import json
import re
import runpy
from pathlib import Path

import pytest
import yaml

from spinnet.io import SCHEMAS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("config/*.md"), *ROOT.glob("docs/*.md")])
SCHEMA = json.loads((ROOT / "workflow/schemas/config.schema.json").read_text())
DEFAULTS = (ROOT / "config/config.yaml").read_text()
NOTES = yaml.safe_load((ROOT / "docs/configuration.yaml").read_text())
FORMATS = yaml.safe_load((ROOT / "docs/formats.yaml").read_text())
configuration = runpy.run_path(str(ROOT / "docs/_ext/configuration.py"))
formats = runpy.run_path(str(ROOT / "docs/_ext/formats.py"))


def prose(page):
    """Text of a page without blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)


def anchors(page):
    """Anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    for link in links:
        path, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name}: {link}"


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/*.md")), ids=lambda p: p.name)
def test_every_name_of_the_library_exists(page):
    for name in re.findall(r"`(spinnet(?:\.\w+)+)`", prose(page)):
        parts = name.split(".")
        longest = next(n for n in range(len(parts), 0, -1) if (ROOT / "workflow/scripts" / "/".join(parts[:n])).is_dir()
                       or (ROOT / "workflow/scripts" / "/".join(parts[:n])).with_suffix(".py").is_file())  # fmt: skip
        found = importlib.import_module(".".join(parts[:longest]))
        for part in parts[longest:]:
            assert hasattr(found, part), name
            found = getattr(found, part)


def leaves(node, path=()):
    """Dotted paths of all keys of the schema that hold no keys themselves."""
    if "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]]
    inner = [(path, variant) for variant in node.get("oneOf", ())]
    inner += [((*path, "{name}"), entry) for entry in node.get("patternProperties", {}).values()]
    inner += [((*path, key), child) for key, child in node.get("properties", {}).items()]
    if not inner:
        yield ".".join(path)
    for longer, child in inner:
        yield from leaves(child, longer)


def shown(page):
    """{dotted path: cells} of the rows of the tables of the configuration."""
    rows, path = {}, ""
    for line in page.splitlines():
        if heading := re.match(r"#+ (?:Top level|`(.*)`)", line):
            path = f"{heading[1]}." if heading[1] else ""
        elif row := re.match(r"\| `(\w+)` \|", line):
            rows[path + row[1]] = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    return rows


def test_every_key_of_the_schema_is_on_the_page_with_its_meaning():
    rows = shown(configuration["page"](SCHEMA, DEFAULTS, NOTES))
    assert set(rows) == set(leaves(SCHEMA))
    assert [key for key, cells in rows.items() if not all(cells)] == []
    assert rows["training.patience"] == ["`patience`", "integer, ≥ 1", "`12`", rows["training.patience"][3]]
    assert rows["rg.critical.thinning"][1] == "number, ≥ 0.1, ≤ 1000"
    assert rows["models.{name}.window"][1:3] == ["integer, ≥ 1, ≤ 2 or `null`", "`null`"]


def test_no_note_is_left_over():
    sections = {".".join(section.path) for section in configuration["sections"](SCHEMA)}
    assert set(NOTES) - set(leaves(SCHEMA)) <= sections


def test_a_comment_that_goes_on_is_read_to_its_end():
    text = "a: 1   # first,\n       # second\nb:     # of b\n  c: 2 # as above\n  # of nothing\n"
    assert configuration["comments"](text) == {("a",): "first, second", ("b",): "of b", ("b", "c"): "as above"}


def test_every_kind_of_file_is_described_with_the_dimensions_that_readers_need():
    kinds = {entry.get("schema", kind) for kind, entry in FORMATS["netcdf"].items()}
    assert kinds == set(SCHEMAS)
    for kind, needed in SCHEMAS.items():
        described = formats["variables"](FORMATS["netcdf"][kind])
        for name, dims in needed.items():
            assert formats["find"](described, name)["dims"].split() == list(dims), (kind, name)
