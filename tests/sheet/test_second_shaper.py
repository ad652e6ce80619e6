"""Shaping beside fontkit's, which shares no code with HarfBuzz: 220 names in Urdu, Arabic, accented Latin and mixtures.

Compared is what a sheet draws: every glyph, its place along the line and its height, in visual order, run by run. Both
are given the same runs, so the order of the runs and the choice of fonts are not compared here (test_shaping.py has the
former beside a second implementation of UAX #9). fontkit does not mirror brackets, so it is given them mirrored.

In two Nastaliq words fontkit chooses another alternate of one stroke. Names with them are compared as pictures with
Chromium (which shapes by HarfBuzz too: that checks our placing of glyphs and not HarfBuzz).
"""

import json
import subprocess
from pathlib import Path

import pytest

from issuer.sheet.design import DISPLAY, SERIF
from issuer.sheet.fonts import FONT_FOLDER, face
from issuer.sheet.shaping import FontStyle, Run, runs, shape
from issuer.sheet.template import SheetTemplate
from tests.sheet.names import ALL_NAMES, ARABIC, LATIN, MIXED, URDU
from tests.sheet.test_fonts import BROWSER_WORDING, browser_pictures, difference, hero, ink

NODE = Path(__file__).parents[1] / "node"
OTHERWISE = ("خٹک", "ڈاکٹر")
"""Words in which fontkit chooses another alternate of one letter than HarfBuzz."""
MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")

Placed = tuple[int, float, float]
"""A glyph, its place along the line and its height, in milli-em."""


def test_there_are_names_enough() -> None:
    assert len(set(ALL_NAMES)) == len(ALL_NAMES) >= 200
    assert all(len(names) >= 20 for names in (URDU, ARABIC, LATIN, MIXED))


@pytest.mark.parametrize("style", [SERIF, DISPLAY], ids=["serif", "display"])
def test_fontkit_places_the_same_glyphs(style: FontStyle) -> None:
    apart = [
        name
        for name, theirs in zip(ALL_NAMES, by_fontkit(ALL_NAMES, style), strict=True)
        if not alike(drawn(name, style), theirs)
    ]
    assert [name for name in apart if not any(word in name for word in OTHERWISE)] == []
    assert len(ALL_NAMES) - len(apart) >= 200
    assert apart, "fontkit agrees by now: take OTHERWISE away"


def test_a_wrong_place_or_glyph_would_be_seen() -> None:
    right = drawn("محمد بلال", SERIF)
    glyph, x, y = right[3]
    assert alike(right, list(right))
    for wrong in ((glyph + 1, x, y), (glyph, x + 3, y), (glyph, x, y - 3)):
        assert not alike(right, [*right[:3], wrong, *right[4:]])


def test_names_that_fontkit_shapes_otherwise_look_as_in_a_browser(tmp_path: Path) -> None:
    names = [name for name in URDU if any(word in name for word in OTHERWISE)]
    template = SheetTemplate(BROWSER_WORDING)
    for name, browser in zip(names, browser_pictures(tmp_path, names), strict=True):
        assert difference(ink(hero(template, name)), browser) < 0.2, name


def drawn(name: str, style: FontStyle) -> list[Placed]:
    """What the sheet draws of a name."""
    found = []
    for letter in shape("recipient", name, style, "en").letters:
        scale = 1000 / face(letter.choice.name).units_per_em * letter.choice.scale
        found += [(glyph, letter.x + x * scale, y * scale) for glyph, x, y in letter.drawing[0]]
    return found


def by_fontkit(names: list[str], style: FontStyle) -> list[list[Placed]]:
    """What fontkit makes of each name."""
    pieces = [runs("recipient", name, style) for name in names]
    jobs = [_job(run) for each in pieces for run in each]
    run = subprocess.run(
        ["node", "shape.mjs"], cwd=NODE, input=json.dumps(jobs), capture_output=True, text=True, check=True
    )
    answers = iter(json.loads(run.stdout))
    return [_line([(piece, next(answers)) for piece in each]) for each in pieces]


def _job(run: Run) -> dict[str, str | None]:
    backwards = run.level % 2 == 1
    return {
        "font": str(FONT_FOLDER / f"{run.choice.name}.ttf"),
        "text": run.text.translate(MIRRORED) if backwards else run.text,
        "direction": "rtl" if backwards else "ltr",
        "script": None,
        "language": None,
    }


def _line(shaped: list[tuple[Run, list[list[float]]]]) -> list[Placed]:
    found, pen = [], 0.0
    for run, glyphs in shaped:
        scale = 1000 / face(run.choice.name).units_per_em * run.choice.scale
        for glyph, advance, x, y in glyphs:
            found.append((int(glyph), pen + x * scale, y * scale))
            pen += advance * scale
    return found


def alike(one: list[Placed], other: list[Placed]) -> bool:
    """Whether the same glyphs stand at the same places, but for rounding (2 thousandths of an em)."""
    return len(one) == len(other) and all(
        mine[0] == theirs[0] and abs(mine[1] - theirs[1]) <= 2 and abs(mine[2] - theirs[2]) <= 2
        for mine, theirs in zip(one, other, strict=True)
    )
