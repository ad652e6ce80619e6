"""Turn a text into placed letters: fonts by language and script, order by UAX #9, shapes by HarfBuzz.

One text is one line, or two where it does not fit one. A line is cut into runs of one direction and one font; each
run is shaped by itself, and runs and letters are returned in visual order, left to right. Lengths are in thousandths of
the nominal size ("milli-em"), so that one shaped line fits any size.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from typing import NamedTuple

import uharfbuzz as hb

from issuer.sheet.bidi_order import levels
from issuer.sheet.errors import MissingGlyphError
from issuer.sheet.fonts import MOST_DRAWN, Drawing, Face, face

URDU_LETTERS = frozenset("ٹپچڈڑژکگںھہۂۃیےۓ۔")
"""Letters that Urdu has and Arabic does not have (or has as another character)."""
ARABIC_LETTERS = frozenset("كيىةهإأٱ")
"""Letters that Arabic has and Urdu writes with another character."""


@dataclass(frozen=True)
class FontChoice:
    """A font among those of a style, and how large it is set beside the others."""

    name: str
    scale: float = 1.0
    arabic: bool = False
    """Whether it is the font for Arabic, to be tried first where a text is Arabic and not Urdu."""


@dataclass(frozen=True)
class FontStyle:
    """Fonts in the order in which they are tried for each run of text."""

    choices: tuple[FontChoice, ...]

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """The loaded fonts, in order."""
        return tuple(face(choice.name) for choice in self.choices)

    @cached_property
    def for_arabic(self) -> "FontStyle":
        """The same fonts, those for Arabic first."""
        return FontStyle(tuple(sorted(self.choices, key=lambda choice: not choice.arabic)))


class Letter(NamedTuple):
    """One letter's drawing at its place on the line."""

    choice: FontChoice
    drawing: Drawing
    x: float
    """From the line's start, in milli-em of the nominal size."""
    text: str
    """The text that it represents: one character, or several of a left-to-right script."""
    at: int = 0
    """Where that begins in the line's text, counted in characters."""


@dataclass(frozen=True)
class ShapedLine:
    """One line of placed letters, in visual order, with its measures in milli-em of the nominal size."""

    text: str
    letters: tuple[Letter, ...]
    right_to_left: bool
    """Whether it is read from the right, wholly or in part: its letters are then in another order than its text."""
    width: float
    top: float
    bottom: float
    left: float
    right: float
    """Extent of the ink; it may reach beyond 0 and `width` where letters overhang."""


@dataclass(frozen=True)
class Run:
    """A piece of text of one direction and one font."""

    text: str
    level: int
    choice: FontChoice
    start: int = 0
    """Where it begins in the line's text, counted in characters."""


def shape(field_name: str, text: str, style: FontStyle, language: str = "", tracking: float = 0) -> ShapedLine:
    """Shape one line of text. Raises MissingGlyphError, naming the field.

    `language` is a BCP 47 tag; `tracking` is added after each letter that is not joined, in milli-em.
    """
    return shape_lines(field_name, [text], style, language, tracking)[0]


def shape_lines(
    field_name: str, parts: Sequence[str], style: FontStyle, language: str = "", tracking: float = 0
) -> list[ShapedLine]:
    """Shape the lines of one paragraph, split at spaces: fonts and directions are those of the whole."""
    text = " ".join(parts)
    if is_arabic(text, language):
        style, language = style.for_arabic, "ar"
    depths = levels(text)
    choices = _choices(field_name, text, depths, style)
    lines, start = [], 0
    for part in parts:
        end = start + len(part)
        pen = _Pen(part, tracking)
        for run in _runs(part, depths[start:end], choices[start:end]):
            pen.place(run, _shape_run(run, language))
        lines.append(pen.line())
        start = end + 1
    return lines


def is_arabic(text: str, language: str = "") -> bool:
    """Whether a text is set as Arabic: it has letters that Urdu writes differently, and none that only Urdu has.

    What both may have written is Arabic in an Arabic document, else Urdu.
    """
    letters = set(text)
    if letters & URDU_LETTERS:
        return False
    return bool(letters & ARABIC_LETTERS) or language.partition("-")[0] == "ar"


def runs(field_name: str, text: str, style: FontStyle) -> list[Run]:
    """Return the runs of a text in visual order. Raises MissingGlyphError."""
    style = style.for_arabic if is_arabic(text) else style
    depths = levels(text)
    return _runs(text, depths, _choices(field_name, text, depths, style))


def _runs(text: str, depths: Sequence[int], choices: Sequence[FontChoice]) -> list[Run]:
    pieces: list[Run] = []
    start = 0
    for (level, choice), group in groupby(zip(depths, choices, strict=True)):
        end = start + sum(1 for _ in group)
        pieces.append(Run(text[start:end], level, choice, start))
        start = end
    return reordered(pieces)


def reordered(pieces: list[Run]) -> list[Run]:
    """Put runs into visual order (UAX #9, rule L2)."""
    order = list(pieces)
    for level in range(max((run.level for run in order), default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and order[end].level >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end + 1
    return order


def _choices(field_name: str, text: str, depths: list[int], style: FontStyle) -> list[FontChoice]:
    """Choose a font for each character, word by word, so that no word is set in two fonts without need."""
    result: list[FontChoice] = []
    for word in _words(text, depths):
        result += _word_choices(field_name, text, word, style)
    return result


def _words(text: str, depths: list[int]) -> Iterator[str]:
    """Cut a text where its script changes.

    What every script shares (space, digit, mark, bracket) goes with what was last set in the same direction, so
    that both brackets around a word of another script are of one font.
    """
    if text.isascii():
        if text:
            yield text
        return
    word, script = "", ""
    at_depth: dict[int, str] = {}
    for character, depth in zip(text, depths, strict=True):
        own = _script(character) or at_depth.get(depth, "")
        if word and own and script and own != script:
            yield word
            word, script = "", ""
        word += character
        script = own or script
        at_depth[depth] = script
    if word:
        yield word


@cache
def _script(character: str) -> str:
    """Return a character's script as far as fonts differ by it; empty for what every script shares."""
    if not character.isalpha():
        return ""
    return "arabic" if unicodedata.bidirectional(character) == "AL" else "other"


def _word_choices(field_name: str, text: str, word: str, style: FontStyle) -> list[FontChoice]:
    needed = {character for character in word if not _ignorable(character)}
    for choice, font in zip(style.choices, style.faces, strict=True):
        if all(ord(character) in font.characters for character in needed):
            return [choice] * len(word)
    result: list[FontChoice] = []
    for character in word:
        result.append(_character_choice(field_name, text, character, style, result))
    return result


def _character_choice(
    field_name: str, text: str, character: str, style: FontStyle, before: list[FontChoice]
) -> FontChoice:
    if before and (_ignorable(character) or ord(character) in face(before[-1].name).characters):
        return before[-1]
    for choice, font in zip(style.choices, style.faces, strict=True):
        if ord(character) in font.characters:
            return choice
    raise MissingGlyphError(field_name, text, character)


@cache
def _ignorable(character: str) -> bool:
    """Whether a character shapes others and is never seen: joiners, direction marks, variation selectors."""
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


def _shape_run(run: Run, language: str) -> hb.Buffer:
    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    buffer.guess_segment_properties()
    if language:
        buffer.language = language
    hb.shape(face(run.choice.name).shaper, buffer)
    return buffer


@dataclass
class _Pen:
    """Collects placed letters from left to right."""

    text: str
    tracking: float
    at: float = 0
    letters: list[Letter] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    right_to_left: bool = False

    def place(self, run: Run, buffer: hb.Buffer) -> None:
        known = _measured.setdefault(run.choice, {})
        if len(known) > MOST_DRAWN:
            known.clear()
        backwards = run.level % 2 == 1
        self.right_to_left |= backwards
        tracking = 0 if backwards else self.tracking  # letters of a joined script stay joined
        for index, cluster in _clusters(run.text, buffer):
            spelled = _spelled(cluster) if backwards else [cluster]
            last = run.start + index + len(spelled) - 1
            for place, part in enumerate(spelled):
                measured = known.get(part)
                if measured is None:
                    measured = known[part] = _measure(run.choice, part)
                drawing, left, low, right, high, advance = measured
                self.letters.append(Letter(run.choice, drawing, self.at, part[0], last - place))
                self.boxes.append((self.at + left, low, self.at + right, high))
                self.at += advance + tracking

    def line(self) -> ShapedLine:
        left, bottom, right, top = zip(*self.boxes, strict=True) if self.boxes else ((0.0,),) * 4
        width = self.at - (0 if self.right_to_left else self.tracking)
        letters = tuple(self.letters)
        return ShapedLine(self.text, letters, self.right_to_left, width, max(top), min(bottom), min(left), max(right))


Parts = tuple[tuple[int, int, int], ...]
Cluster = tuple[str, Parts, int]
"""The text that it represents, its glyphs with their places, and its advance in font units."""


def _clusters(text: str, buffer: hb.Buffer) -> Iterator[tuple[int, Cluster]]:
    """Return each cluster (the least that HarfBuzz keeps together) with its index, in visual order."""
    placed = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = [info.cluster for info, _ in placed]
    if starts == list(range(len(text))):  # most texts: a glyph for each character, from left to right
        for at, (info, position) in enumerate(placed):
            parts = ((info.codepoint, position.x_offset, position.y_offset),)
            yield at, (text[at], parts, position.x_advance)
        return
    starts = sorted(set(starts))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    for cluster, group in groupby(placed, key=lambda each: each[0].cluster):
        glyphs, pen = [], 0
        for info, position in group:
            glyphs.append((info.codepoint, pen + position.x_offset, position.y_offset))
            pen += position.x_advance
        yield cluster, (text[cluster : ends[cluster]], tuple(glyphs), pen)


def _spelled(cluster: Cluster) -> list[Cluster]:
    """Give each character of a right-to-left cluster its own place, in visual order.

    Readers take such text from left to right and turn it around character by character, so one drawing
    must represent one character: of several, all but the first are given a blank share of the width.
    """
    text, parts, advance = cluster
    if len(text) < 2:
        return [cluster]
    share = advance // len(text)
    moved = share * (len(text) - 1)
    inked = tuple((glyph, x - moved, y) for glyph, x, y in parts)
    return [*((character, (), share) for character in reversed(text[1:])), (text[0], inked, advance - moved)]


_measured: dict[FontChoice, dict[Cluster, tuple[Drawing, float, float, float, float, float]]] = {}
"""What `_measure` found, by font and cluster."""


def _measure(choice: FontChoice, cluster: Cluster) -> tuple[Drawing, float, float, float, float, float]:
    """Return the drawing of a cluster, its ink (left, low, right, high) and its advance, in milli-em."""
    font = face(choice.name)
    scale = 1000 / font.units_per_em * choice.scale
    _, parts, advance = cluster
    drawing = _drawing(font, parts, advance)
    left, low, right, high = (side * scale for side in font.drawn(drawing).box)
    return drawing, left, low, right, high, advance * scale


def _drawing(font: Face, parts: Parts, advance: int) -> Drawing:
    """Return what is embedded: a glyph as it is where that is enough, so that few differ."""
    if len(parts) == 1 and parts[0][1:] == (0, 0):
        return parts, font.advance(parts[0][0])
    return parts, max(advance, 0)
