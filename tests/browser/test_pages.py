"""The ledger and the gallery in Chromium: on a wide screen, on a phone, in the dark, and printed."""

import pypdfium2
import pytest

PAGES = ("ledger.html", "index.html")
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}
FIGURES = 37  # that claims of the papers are about


@pytest.fixture(params=PAGES)
def page(request, results):
    return results / request.param


def test_it_opens_with_every_picture_and_asks_for_nothing(opened, page):
    watched = opened(page)
    widths = watched.page.eval_on_selector_all("img", "all => all.map(i => i.naturalWidth)")
    assert len(widths) >= FIGURES
    assert min(widths) > 0
    assert watched.complaints == []
    assert watched.elsewhere() == []


def test_links_lead_to_files_that_are_there(opened, page):
    links = opened(page).page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
    anchors = set(opened(page).page.eval_on_selector_all("[id]", "all => all.map(e => '#' + e.id)"))
    files = {link.partition("#")[0] for link in links} - {""}
    assert len(files) > FIGURES
    assert [name for name in files if not (page.parent / name).is_file()] == []
    assert {link for link in links if link.startswith("#")} <= anchors


def test_nothing_is_wider_than_a_phone(opened, page):
    shown = opened(page, **PHONE).page
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    wide = "all => all.filter(e => e.getBoundingClientRect().right > 361).map(e => e.outerHTML.slice(0, 80))"
    assert shown.eval_on_selector_all("main *", wide) == []


def test_no_cell_runs_into_the_next(opened, page):
    shown = opened(page, viewport={"width": 1300, "height": 900}).page
    wide = "all => all.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.innerText)"
    assert shown.eval_on_selector_all("td, th", wide) == []


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_it_can_be_read_by_everybody(opened, page, options):
    """axe-core: contrast of at least 4.5, names of pictures, order of headings, roles of tables."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened(page, **options).page, options={"runOnly": ["wcag2a", "wcag2aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()
    checked = [rule["id"] for rule in found.response["passes"]]
    assert {"color-contrast", "image-alt", "document-title"} <= set(checked)


def test_pictures_are_dimmed_in_the_dark_and_on_white(opened, page):
    look = "image => [getComputedStyle(image).filter, getComputedStyle(image).backgroundColor]"
    dark, light = (opened(page, color_scheme=scheme).page.eval_on_selector("img", look) for scheme in ("dark", "light"))
    assert dark == ["brightness(0.75)", "rgb(255, 255, 255)"]
    assert light == ["none", "rgb(255, 255, 255)"]


def test_it_prints_with_all_pictures(opened, page, tmp_path):
    shown = opened(page).page
    expected = shown.locator("img").count()
    shown.pdf(path=tmp_path / "print.pdf", format="A4")
    with pypdfium2.PdfDocument(tmp_path / "print.pdf") as printed:
        images = [o for sheet in printed for o in sheet.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in printed)
        assert max(sheet.get_width() for sheet in printed) < 600
    assert len(images) >= expected
    assert shown.title() in text
