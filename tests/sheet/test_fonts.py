"""The cut fonts, read back with fontTools; and names beside a browser's picture of them."""

import base64
import io
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from issuer.sheet.design import DISPLAY
from issuer.sheet.fonts import FONT_FOLDER, face, to_unicode, truetype
from issuer.sheet.template import SheetTemplate
from tests.sheet.rendering import by_pdfium
from tests.sheet.samples import BARE, PLAIN

DPI = 144
BROWSER_WORDING = replace(PLAIN, institution="I")


def drawing(font: TTFont, glyph: str) -> list[object]:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[glyph].draw(pen)
    return pen.value


@pytest.mark.parametrize("name", sorted(path.stem for path in FONT_FOLDER.glob("*.ttf")))
def test_cut_fonts_keep_outlines_and_advances(name: str) -> None:
    whole = TTFont(FONT_FOLDER / f"{name}.ttf")
    composites = [whole.getGlyphID(g) for g in whole.getGlyphOrder() if whole["glyf"][g].isComposite()][:12]
    glyphs = [0, *composites, *range(20, 60), 0]
    font = face(name)
    data = truetype(font, [(((glyph, 0, 0),), font.advance(glyph)) for glyph in glyphs[1:]])
    cut = TTFont(io.BytesIO(data), checkChecksums=2)
    for code, glyph in enumerate(glyphs):
        original, copy = whole.getGlyphName(glyph), cut.getGlyphName(code)
        assert drawing(cut, copy) == drawing(whole, original)
        assert cut["hmtx"][copy] == whole["hmtx"][original]
    assert sum(struct.unpack(f">{len(data) // 4}I", data)) & 0xFFFFFFFF == 0xB1B0AFBA


def test_a_letter_of_several_glyphs_is_one_glyph_at_its_heights() -> None:
    whole, font = TTFont(FONT_FOLDER / "NotoNastaliqUrdu-Regular.ttf"), face("NotoNastaliqUrdu-Regular")
    stem, dot = 40, 55
    drawings = [(((stem, 30, -200), (dot, -70, 510)), 444), (((dot, 0, 0),), font.advance(dot)), ((), 12)]
    cut = TTFont(io.BytesIO(truetype(font, drawings)), checkChecksums=2)

    def moved(glyph: int, x: int, y: int) -> list[object]:
        return [
            (command, tuple((point[0] + x, point[1] + y) for point in points))
            for command, points in drawing(whole, whole.getGlyphName(glyph))
        ]

    names = cut.getGlyphOrder()
    assert drawing(cut, names[1]) == moved(stem, 30, -200) + moved(dot, -70, 510)
    assert drawing(cut, names[2]) == moved(dot, 0, 0)
    assert drawing(cut, names[3]) == []
    assert [cut["hmtx"][name][0] for name in names[1:4]] == [444, font.advance(dot), 12]
    first = cut["glyf"][names[1]]
    assert cut["hmtx"][names[1]][1] == first.xMin
    first.recalcBounds(cut["glyf"])
    assert font.drawn(drawings[0]).box == (first.xMin, first.yMin, first.xMax, first.yMax)


def test_to_unicode_keeps_its_blocks_within_a_hundred() -> None:
    cmap = to_unicode(["", *"ab" * 125, "", "لا"])
    assert [cmap.count(b"%d beginbfchar" % count) for count in (100, 51)] == [2, 1]
    assert b"<00FC><06440627>\n" in cmap


NAMES = ["محمد بلال احمد", "فاطمہ زہرا", "عبدالرحمٰن ڈیڑھ", "Muhammad Bilal", "Zoë Čapková (زوئی)", "عائشہ صدیقہ ۲"]


def test_names_look_as_in_a_browser(tmp_path: Path) -> None:
    """Chromium orders, chooses fonts, shapes and draws by itself; the ink must be the same but for its edges."""
    names = [*NAMES, NAMES[0][::-1]]  # the last is a control: a name backwards looks like none
    browser = browser_pictures(tmp_path, names)
    template = SheetTemplate(BROWSER_WORDING)
    ours = [ink(hero(template, name)) for name in names]
    for picture, reference in zip(ours, browser, strict=True):
        assert difference(picture, reference) < 0.15
    assert difference(ours[-1], browser[0]) > 0.25


def hero(template: SheetTemplate, name: str) -> Image.Image:
    fields = replace(BARE, recipient=name)
    place = dict(template.check(fields))["recipient"].place
    page, scale = by_pdfium(template.draw(fields), DPI), DPI / 72
    top, low = page.height - (place.y + place.above) * scale, page.height - (place.y - place.below) * scale
    left, right = (place.x - place.width / 2) * scale, (place.x + place.width / 2) * scale
    return page.crop((round(left), round(top), round(right), round(low)))


def ink(picture: Image.Image) -> Image.Image:
    dark = ImageChops.invert(picture.convert("L")).point(lambda value: value * (value > 60))  # without the guilloche
    return dark.crop(dark.point(lambda value: 255 * (value > 100)).getbbox())


def difference(one: Image.Image, other: Image.Image) -> float:
    """Differing ink as a share of all ink; sizes may differ by two pixels."""
    if abs(one.width - other.width) > 2 or abs(one.height - other.height) > 2:
        return 1.0
    other = other.resize(one.size)
    total = sum(sum(value * count for value, count in enumerate(each.histogram())) for each in (one, other))
    apart = sum(value * count for value, count in enumerate(ImageChops.difference(one, other).histogram()))
    return apart / total


def browser_pictures(folder: Path, names: list[str]) -> list[Image.Image]:
    faces = "".join(
        f"@font-face{{font-family:f{index};size-adjust:{choice.scale * 100}%;src:url(data:font/ttf;base64,"
        f"{base64.b64encode((FONT_FOLDER / f'{choice.name}.ttf').read_bytes()).decode()})}}"
        for index, choice in enumerate(DISPLAY.choices[:2])
    )
    lines = "".join(_browser_line(name) for name in names)
    (folder / "names.html").write_text(
        f"<meta charset=utf-8><style>{faces}body{{margin:0}}div{{height:300px;line-height:300px;"
        f"padding:0 50px;white-space:pre;color:#1c1f24}}</style><body lang=en>{lines}",
        encoding="utf-8",
    )
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
               "--screenshot=names.png", f"--window-size=1600,{300 * len(names)}", "names.html"]  # fmt: skip
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    sheet = Image.open(folder / "names.png")
    return [ink(sheet.crop((0, 300 * row, 1600, 300 * (row + 1)))) for row in range(len(names))]


def _browser_line(name: str) -> str:
    template = SheetTemplate(BROWSER_WORDING)
    size = dict(template.check(replace(BARE, recipient=name)))["recipient"].size * DPI / 72
    order = "f0,f1" if name[0] < "\u0600" else "f1,f0"  # spaces are of the first font that has one
    return f"<div style='font-size:{size}px;font-family:{order}'>{name}</div>"
