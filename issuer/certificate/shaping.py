"""Turn a text into placed glyphs: fonts by script, order by UAX #9, shapes by HarfBuzz.

One text is one line. It is cut into runs of one direction and one font; each run is shaped by itself, and runs
and glyphs come out in visual order, left to right. Lengths are in thousandths of the nominal size ("milli-em"),
so that one shaped line fits any size.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import uharfbuzz as hb

from issuer.certificate.bidi_order import levels
from issuer.certificate.fonts import Face, face
from issuer.certificate.sheet_errors import MissingGlyphError


@dataclass(frozen=True)
class FontChoice:
    """A font among those of a style, and how large it is set beside the others."""

    name: str
    scale: float = 1.0


@dataclass(frozen=True)
class FontStyle:
    """Fonts in the order in which they are tried for each run of text."""

    choices: tuple[FontChoice, ...]

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """The loaded fonts, in order."""
        return tuple(face(choice.name) for choice in self.choices)


@dataclass(frozen=True, slots=True)
class PlacedGlyph:
    """A glyph at its place on the line; x and y in milli-em of the nominal size."""

    choice: FontChoice
    glyph: int
    x: float
    y: float
    text: str
    """What the glyph stands for; empty for the later glyphs of a cluster."""


@dataclass(frozen=True)
class Piece:
    """The glyphs of one run, in visual order."""

    text: str
    """What it says, in the order in which it is read."""
    glyphs: tuple[PlacedGlyph, ...]
    spelled: bool
    """Whether its glyphs, left to right, spell the text (else the PDF has to say it in ActualText)."""


@dataclass(frozen=True)
class ShapedLine:
    """One line of placed glyphs with its measures in milli-em of the nominal size."""

    text: str
    pieces: tuple[Piece, ...]
    width: float
    top: float
    bottom: float
    left: float
    right: float
    """Extent of the ink; it may reach beyond 0 and `width` where letters overhang."""

    @property
    def glyphs(self) -> tuple[PlacedGlyph, ...]:
        """All glyphs in visual order."""
        return tuple(glyph for piece in self.pieces for glyph in piece.glyphs)


@dataclass(frozen=True)
class Run:
    """A piece of text of one direction and one font."""

    text: str
    level: int
    choice: FontChoice


def shape(field_name: str, text: str, style: FontStyle, language: str = "", tracking: float = 0) -> ShapedLine:
    """Shape one line of text. Raises MissingGlyphError, naming the field.

    `language` is a BCP 47 tag; `tracking` is added after each glyph, in milli-em.
    """
    pen = _Pen(text, tracking)
    for run in runs(field_name, text, style):
        pen.place(run, _shape_run(run, language))
    return pen.line()


def runs(field_name: str, text: str, style: FontStyle) -> list[Run]:
    """Return the runs of a text in visual order. Raises MissingGlyphError."""
    depths = levels(text)
    choices = _choices(field_name, text, depths, style)
    pieces: list[Run] = []
    for character, level, choice in zip(text, depths, choices, strict=True):
        last = pieces[-1] if pieces else None
        if last and (last.level, last.choice) == (level, choice):
            pieces[-1] = Run(last.text + character, level, choice)
        else:
            pieces.append(Run(character, level, choice))
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
    """Collects placed glyphs from left to right."""

    text: str
    tracking: float
    at: float = 0
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def place(self, run: Run, buffer: hb.Buffer) -> None:
        font = face(run.choice.name)
        scale = 1000 / font.units_per_em * run.choice.scale
        texts = _cluster_texts(run.text, [info.cluster for info in buffer.glyph_infos])
        glyphs = []
        for info, position, text in zip(buffer.glyph_infos, buffer.glyph_positions, texts, strict=True):
            x, y = self.at + position.x_offset * scale, position.y_offset * scale
            glyphs.append(PlacedGlyph(run.choice, info.codepoint, x, y, text))
            box = font.outline(info.codepoint).box
            self.boxes.append((x + box[0] * scale, y + box[1] * scale, x + box[2] * scale, y + box[3] * scale))
            self.at += position.x_advance * scale + self.tracking
        self.pieces.append(Piece(run.text, tuple(glyphs), run.level % 2 == 0 and all(texts)))

    def line(self) -> ShapedLine:
        left, bottom, right, top = zip(*self.boxes, strict=True) if self.boxes else ((0.0,),) * 4
        return ShapedLine(
            self.text, tuple(self.pieces), self.at - self.tracking, max(top), min(bottom), min(left), max(right)
        )


def _cluster_texts(text: str, clusters: list[int]) -> list[str]:
    """Return what each glyph stands for: a cluster's text with its first glyph, nothing with the others."""
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    seen: set[int] = set()
    texts = []
    for cluster in clusters:
        texts.append("" if cluster in seen else text[cluster : ends[cluster]])
        seen.add(cluster)
    return texts
