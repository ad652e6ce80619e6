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
from bidi import algorithm as bidi

from issuer.certificate.fonts import Face, face
from issuer.certificate.sheet_errors import MissingGlyph

RIGHT_TO_LEFT = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI"))


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
class ShapedLine:
    """One line of placed glyphs with its measures in milli-em of the nominal size."""

    text: str
    glyphs: tuple[PlacedGlyph, ...]
    width: float
    top: float
    bottom: float
    left: float
    right: float
    """Extent of the ink; it may reach beyond 0 and `width` where letters overhang."""
    spelled: bool
    """Whether the glyphs, read left to right, spell the text (else the PDF says it in ActualText)."""


@dataclass(frozen=True)
class Run:
    """A piece of text of one direction and one font."""

    text: str
    level: int
    choice: FontChoice


def shape(field_name: str, text: str, style: FontStyle, language: str = "", tracking: float = 0) -> ShapedLine:
    """Shape one line of text. Raises MissingGlyph, naming the field.

    `language` is a BCP 47 tag; `tracking` is added after each glyph, in milli-em.
    """
    pen = _Pen(text, tracking)
    for run in runs(field_name, text, style):
        pen.place(run, _shape_run(run, language))
    return pen.line()


def runs(field_name: str, text: str, style: FontStyle) -> list[Run]:
    """Return the runs of a text in visual order. Raises MissingGlyph."""
    choices = _choices(field_name, text, style)
    pieces: list[Run] = []
    for character, level, choice in zip(text, levels(text), choices, strict=True):
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


def levels(text: str) -> list[int]:
    """Return the embedding level of each character (UAX #9); the first strong character sets the base."""
    if not any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text):
        return [0] * len(text)
    base = bidi.get_base_level(text)
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    bidi.get_embedding_levels(text, storage)
    for index, character in enumerate(storage["chars"]):
        character["index"] = index
    for step in _BIDI_STEPS:
        step(storage)
    found = {character["index"]: int(character["level"]) for character in storage["chars"]}
    result: list[int] = []
    for index in range(len(text)):  # rule X9 removes joiners and the like: they stay with what precedes them
        result.append(found.get(index, result[-1] if result else base))
    return result


_BIDI_STEPS = (
    bidi.explicit_embed_and_overrides,
    bidi.resolve_weak_types,
    lambda storage: bidi.resolve_neutral_types(storage, False),
    lambda storage: bidi.resolve_implicit_levels(storage, False),
)


def _choices(field_name: str, text: str, style: FontStyle) -> list[FontChoice]:
    """Choose a font for each character: words keep together, marks and spaces stay with their word."""
    result: list[FontChoice] = []
    for word in _words(text):
        result += _word_choices(field_name, text, word, style)
    return result


def _words(text: str) -> Iterator[str]:
    """Cut a text where its script changes; spaces, digits and marks go on with what precedes them."""
    word, script = "", ""
    for character in text:
        own = _script(character)
        if word and own and script and own != script:
            yield word
            word, script = "", ""
        word += character
        script = own or script
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
    raise MissingGlyph(field_name, text, character)


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
    glyphs: list[PlacedGlyph] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    spelled: bool = True

    def place(self, run: Run, buffer: hb.Buffer) -> None:
        font = face(run.choice.name)
        scale = 1000 / font.units_per_em * run.choice.scale
        texts = _cluster_texts(run.text, [info.cluster for info in buffer.glyph_infos])
        self.spelled = self.spelled and not run.level % 2
        for info, position, text in zip(buffer.glyph_infos, buffer.glyph_positions, texts, strict=True):
            x, y = self.at + position.x_offset * scale, position.y_offset * scale
            self.glyphs.append(PlacedGlyph(run.choice, info.codepoint, x, y, text))
            box = font.outline(info.codepoint).box
            self.boxes.append((x + box[0] * scale, y + box[1] * scale, x + box[2] * scale, y + box[3] * scale))
            self.at += position.x_advance * scale + self.tracking
            self.spelled = self.spelled and bool(text)

    def line(self) -> ShapedLine:
        left, bottom, right, top = zip(*self.boxes, strict=True) if self.boxes else ((0.0,),) * 4
        return ShapedLine(
            self.text, tuple(self.glyphs), self.at - self.tracking,
            max(top), min(bottom), min(left), max(right), self.spelled,
        )  # fmt: skip


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
