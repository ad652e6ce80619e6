"""What only a browser can tell: which fonts it takes, and what comes out on paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.opening import open_view
from tests.gallery import View, World, sites, views
from tools import translations

ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]+")


@pytest.fixture(scope="module")
def gallery() -> Iterator[tuple[World, dict[str, str]]]:
    with sites() as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def named(world: World, name: str) -> View:
    return next(view for view in views(world) if view.name == name)


def fonts_of(page: Page, selector: str) -> dict[tuple[str, bool], float]:
    """How many glyphs of an element come from which font, and whether the page brought it."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {(each["familyName"], each["isCustomFont"]): each["glyphCount"] for each in used}


def test_every_urdu_word_is_in_nastaliq_from_the_package(page: Page, gallery: tuple[World, dict[str, str]]) -> None:
    world, origins = gallery
    open_view(page, origins, named(world, "urdu"), "ur")
    catalogue = translations.stored("ur")
    assert catalogue is not None
    words = sorted({word for each in catalogue if each.id for word in ARABIC_SCRIPT.findall(str(each.string))})
    page.evaluate("text => { document.querySelector('h1').textContent = text }", " ".join(words))
    page.evaluate("document.fonts.ready")
    for selector in ("h1", ".recipient"):
        brought = {family for family, custom in fonts_of(page, selector) if custom}
        others = {family: count for (family, custom), count in fonts_of(page, selector).items() if not custom}
        assert brought == {"Noto Nastaliq Urdu"}, selector
        assert sum(others.values()) <= len(words), "nothing but the spaces between words"


def test_english_pages_fetch_no_urdu_font_but_for_urdu_names(page: Page, gallery: tuple[World, dict[str, str]]) -> None:
    world, origins = gallery
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for name, fonts in (("valid", 0), ("urdu", 1)):
        fetched.clear()
        open_view(page, origins, named(world, name), "en")
        page.evaluate("document.fonts.ready")
        assert len([url for url in fetched if url.endswith(".woff2")]) == fonts, name


@pytest.mark.parametrize("language", ["en", "ur"])
def test_on_paper_all_steps_stand_open_and_nothing_to_press(
    page: Page, gallery: tuple[World, dict[str, str]], language: str, tmp_path: Path
) -> None:
    world, origins = gallery
    open_view(page, origins, named(world, "valid"), language)
    page.emulate_media(media="print")
    assert page.locator(".steps li").last.is_visible()
    assert page.locator(".identity").is_visible()
    for pressed in ("header nav", ".actions"):
        assert not page.locator(pressed).is_visible()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    pages = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    assert len(pages) <= 3
    text = "".join(each.get_textpage().get_text_range() for each in pages)
    assert world.certificates["valid"].hash.hex() in text
