"""Pictures of every page and verdict, in both languages, on a phone and on a desk, from the tests' gallery."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, ViewportSize

from tests.browser.opening import chromium, open_view
from tests.gallery import sites, views
from verifier.web.language import LANGUAGES

PAPER, INK = "#e9e6df", "#1b2530"
EXAMPLES = ("valid", "urdu", "revoked", "altered", "node down")
GAP = 14
CAPTION = 22


@dataclass(frozen=True)
class Screen:
    """A window, and how small its picture stands on a sheet."""

    name: str
    width: int
    height: int
    shown: int
    columns: int


PHONE = Screen("phone", 390, 844, 195, 8)
DESK = Screen("desk", 1280, 1000, 400, 5)
Taken = dict[str, Image.Image]
Scheme = Literal["light", "dark"]


def draw_pages(images: Path, originals: Path) -> None:
    """Write the contact sheets that the documentation shows, and every page in full beside.

    Args:
        images: where the sheets go.
        originals: where each page goes in its own size, also in dark and in print's colours, to be looked at.
    """
    originals.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for screen in (PHONE, DESK):
            for language in LANGUAGES:
                taken = dict(_taken(browser, screen, language, "light", originals))
                _save(_sheet(taken, screen), images / f"pages-{screen.name}-{language}.webp")
                if screen is PHONE:
                    dark = dict(_taken(browser, screen, language, "dark", originals))
                    _save(
                        _row([taken[name] for name in EXAMPLES[:4]] + [dark["valid"]]),
                        images / f"pages-{language}.webp",
                    )


def _taken(
    browser: Browser, screen: Screen, language: str, scheme: Scheme, originals: Path
) -> Iterator[tuple[str, Image.Image]]:
    """Each view's name and the first screenful of it; the whole page goes to `originals`."""
    window = ViewportSize(width=screen.width, height=screen.height)
    context = browser.new_context(viewport=window, color_scheme=scheme, device_scale_factor=2, locale="en-GB")
    page = context.new_page()
    with sites() as (world, origins):
        for view in views(world):
            open_view(page, origins, view, language)
            page.evaluate("document.fonts.ready")
            whole = originals / f"{screen.name}-{scheme}-{language}-{view.name.replace(' ', '-').replace(',', '')}.png"
            page.screenshot(path=whole, full_page=True)
            with Image.open(whole) as picture:
                box = (0, 0, picture.width, min(picture.height, 2 * screen.height))
                yield view.name, picture.convert("RGB").crop(box)
    context.close()


def _sheet(taken: Taken, screen: Screen) -> Image.Image:
    """All of them, each with its name."""
    height = screen.shown * screen.height // screen.width
    rows = -(-len(taken) // screen.columns)
    cell = (screen.shown + GAP, height + GAP + CAPTION)
    canvas = Image.new("RGB", (screen.columns * cell[0] + GAP, rows * cell[1] + GAP), PAPER)
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(13)
    for number, (name, picture) in enumerate(taken.items()):
        x, y = GAP + number % screen.columns * cell[0], GAP + number // screen.columns * cell[1]
        draw.text((x, y), name, INK, font)
        canvas.paste(_small(picture, screen.shown), (x, y + CAPTION))
    return canvas


def _row(pictures: list[Image.Image]) -> Image.Image:
    """A few of them, large enough to be read."""
    small = [_small(picture, 312) for picture in pictures]
    canvas = Image.new("RGB", (len(small) * (312 + GAP) + GAP, max(each.height for each in small) + 2 * GAP), PAPER)
    for number, picture in enumerate(small):
        canvas.paste(picture, (GAP + number * (312 + GAP), GAP))
    return canvas


def _small(picture: Image.Image, width: int) -> Image.Image:
    return picture.resize((width, picture.height * width // picture.width), Image.Resampling.LANCZOS)


def _save(picture: Image.Image, path: Path) -> None:
    picture.save(path, quality=72, method=6)
