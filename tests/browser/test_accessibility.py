"""WCAG 2.2 AA by axe, on every page and verdict: both languages, light and dark, 320 and 1280 pixels wide."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.opening import open_view
from tests.gallery import World, sites, views
from tests.sources import ROOT

AXE = ROOT / "tests/node/node_modules/axe-core/axe.min.js"
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SEEN_ONLY = ["color-contrast", "target-size", "scrollable-region-focusable"]
"""The rules whose answer can change with the colour scheme or the width; the others are about the document."""


@pytest.fixture(scope="module")
def gallery() -> Iterator[tuple[World, dict[str, str]]]:
    with sites() as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def violations(page: Page, rules: list[str], kind: str) -> list[str]:
    """What axe finds, one line each."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    options = {"runOnly": {"type": kind, "values": rules}, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_accessible(page: Page, gallery: tuple[World, dict[str, str]], language: str) -> None:
    world, origins = gallery
    found = []
    for view in views(world):
        page.set_viewport_size({"width": 320, "height": 700})
        page.emulate_media(color_scheme="light")
        open_view(page, origins, view, language)
        page.evaluate(AXE.read_text("utf-8"))
        seen = violations(page, EVERYTHING, "tag") + (["wider than 320 pixels"] if too_wide(page) else [])
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="dark")
        seen += violations(page, SEEN_ONLY, "rule") + (["wider than 1280 pixels"] if too_wide(page) else [])
        assert page.get_attribute("html", "lang") == language
        found += [f"{view.name}: {each}" for each in seen]
    assert not found


def test_what_is_not_accessible_would_be_found(page: Page, gallery: tuple[World, dict[str, str]]) -> None:
    _world, origins = gallery
    page.goto(origins["main"])
    page.evaluate(AXE.read_text("utf-8"))
    page.evaluate("document.querySelector('label').remove(); document.querySelector('.lead').style.color = '#ddd'")
    page.evaluate("document.querySelector('h1').style.inlineSize = '700px'")
    found = violations(page, EVERYTHING, "tag")
    assert {each.split(":")[0] for each in found} >= {"label", "color-contrast"}
    assert too_wide(page)
