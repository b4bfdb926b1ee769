"""Snakemake's report in Chromium."""

import io
import time

import numpy as np
import pytest
from PIL import Image

CATEGORIES = {"Wang & Jiang", "Mills & Tamblyn", "Bachtis, Aarts & Lucini", "Tests of the errors", "Ledger"}
FIGURES = 39
TABLES = 12
SECONDS = 20  # that a figure may take to appear
SHADES = 900  # of a figure at least; a blank sheet has some 20, the notice that a file is broken some 400


@pytest.fixture
def report(opened, results):
    return opened(results / "report.html", viewport={"width": 1400, "height": 900})


def shows_something(frame):
    """Whether there is a white sheet with shades of grey or colours on it, below the bar of the PDF viewer."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        image = Image.open(io.BytesIO(frame.screenshot())).convert("RGB")
        pixels = np.asarray(image.crop((0, 60, *image.size)), int) @ (1 << 16, 1 << 8, 1)
        sheet = pixels[:, (pixels == 0xFFFFFF).mean(0) > 0.05]
        if sheet.size > pixels.size / 10 and len(np.unique(sheet)) > SHADES:
            return True
        time.sleep(0.1)
    return False


def test_it_opens_and_asks_for_nothing(report):
    report.page.get_by_text("Hamiltonians out of configurations").wait_for()
    assert set(report.page.evaluate("Object.keys(categories)")) == CATEGORIES
    report.page.get_by_text("Statistics", exact=True).click()
    report.page.locator("#timeline canvas, #timeline svg").first.wait_for()
    assert report.complaints == []
    assert report.elsewhere() == []


def test_every_figure_and_page_shows_and_every_table_can_be_saved(report):
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    page, shown, saved = report.page, set(), set()
    for category, parts in page.evaluate("categories").items():
        for part, paths in parts.items():
            # As by its links: the menu comes between, and the page draws it when it has time.
            page.evaluate("app.setView({navbarMode: 'menu'})")
            expect(page.get_by_role("row")).to_have_count(0)
            place = {"navbarMode": "subcategory", "category": category, "subcategory": part}
            page.evaluate("view => app.setView(view)", place)
            expect(page.locator("tbody tr")).to_have_count(len(paths))
            for path in paths:
                label, uri = page.evaluate(
                    "path => [Object.values(results[path].labels)[0], results[path].data_uri]", path
                )
                row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=label, exact=True))
                link = row.get_by_role("link").first
                if link.get_attribute("download"):
                    saved.add(path)
                    continue
                link.click()
                page.wait_for_function("uri => document.querySelector('iframe').src === uri", arg=uri)
                assert shows_something(page.locator("iframe")), path
                shown.add(path)
    assert len(shown) == FIGURES + 1  # the ledger
    assert len(saved) == TABLES
    assert report.complaints == []


def test_every_result_has_a_caption_and_one_label(report):
    """A second label can make an empty page of a table with two rows."""
    found = report.page.evaluate("Object.values(results).map(r => [Object.keys(r.labels).length, r.caption.length])")
    assert len(found) == FIGURES + 1 + TABLES
    assert all(labels == 1 and caption > 100 for labels, caption in found)
