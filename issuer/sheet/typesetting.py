"""Set shaped lines into named places of a page, as PDF text operators.

Lengths are points (1/72 inch), the origin is the page's lower left corner.
"""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from issuer.sheet.colours import Colour
from issuer.sheet.errors import TextTooLongError
from issuer.sheet.fonts import Subset, face
from issuer.sheet.pdf_document import PdfWriter, number
from issuer.sheet.shaping import FontStyle, Letter, ShapedLine, shape, shape_lines

ALIGNMENTS = {"left": 0.0, "centre": 0.5, "right": 1.0}


@dataclass(frozen=True)
class Place:
    """Where a text goes, how large it is at best and what room it has."""

    x: float
    """The left edge, the middle or the right edge, as `align` says."""
    width: float
    size: float
    style: FontStyle
    colour: Colour = (0.0, 0.0, 0.0)
    align: str = "centre"
    y: float = 0.0
    """The baseline; of two lines, the upper one's. In a flow the flow sets it."""
    smallest: float = 6.0
    above: float = 100.0
    """Room for ink above the baseline; Nastaliq climbs."""
    below: float = 100.0
    """Room for ink below the baseline."""
    tracking: float = 0.0
    """Letter-spacing in milli-em."""
    gap: float = 0.0
    """In a flow, the least distance from the room of what is before it."""
    stretch: float = 1.0
    """In a flow, its share of the height that is left over, put before it."""
    wrap_below: float = 0.0
    """The size below which a text is set in two lines instead; 0: never."""
    tall: float = 0.0
    """Room for the ink of two lines, from the top of the first to the bottom of the second."""

    def moved(self, x: float | None = None, y: float | None = None) -> "Place":
        """Return the same place elsewhere."""
        return replace(self, x=self.x if x is None else x, y=self.y if y is None else y)


@dataclass(frozen=True)
class SetText:
    """A text made ready for its place: one shaped line or two, and their size."""

    lines: tuple[ShapedLine, ...]
    size: float
    place: Place
    leading: float = 0.0
    """Points from the first baseline to the second."""

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join(line.text for line in self.lines)

    @property
    def width(self) -> float:
        """The width of its longest line in points."""
        return max(map(_reach, self.lines)) * self.size / 1000

    @property
    def height(self) -> float:
        """The room that it takes in a flow."""
        return self.place.above + self.place.below if len(self.lines) == 1 else self.place.tall

    def baseline(self, top: float) -> float:
        """Return where the (first) baseline goes if its room begins at `top`."""
        if len(self.lines) == 1:
            return top - self.place.above
        first, second = self.lines
        ink = (first.top - second.bottom) * self.size / 1000 + self.leading
        return top - (self.place.tall - ink) / 2 - first.top * self.size / 1000


def prepare(field_name: str, text: str, place: Place, language: str = "") -> SetText:
    """Shape a text for its place and find its size. Raises MissingGlyphError, TextTooLongError."""
    line = shape(field_name, text, place.style, language, place.tracking)
    found = SetText((line,), _size_of_one(line, place), place)
    if found.size < place.wrap_below:
        found = max([found, *_in_two_lines(field_name, text, place, language)], key=lambda each: each.size)
    if found.size < place.smallest:
        raise TextTooLongError(field_name, text, found.size, place.smallest)
    return found


def _reach(line: ShapedLine) -> float:
    return max(line.width, line.right) - min(0.0, line.left)


def _size_of_one(line: ShapedLine, place: Place) -> float:
    limits = ((_reach(line), place.width), (line.top, place.above), (-line.bottom, place.below))
    return min([place.size, *(room * 1000 / need for need, room in limits if need > 0)])


LEADING, CLEARANCE = 1.12, 0.1
"""Of two lines, in em: the least distance of their baselines, and of their ink where that needs more."""

BREAKS_TRIED = 3


def _in_two_lines(field_name: str, text: str, place: Place, language: str) -> list[SetText]:
    """Return a text in two lines, split at the spaces that are nearest to its middle."""
    words = text.split(" ")
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    halves.sort(key=lambda parts: abs(len(parts[0]) - len(parts[1])))
    return [
        _size_of_two(tuple(shape_lines(field_name, parts, place.style, language, place.tracking)), place)
        for parts in halves[:BREAKS_TRIED]
    ]


def _size_of_two(lines: tuple[ShapedLine, ...], place: Place) -> SetText:
    first, second = lines
    leading = max(LEADING * 1000, second.top - first.bottom + CLEARANCE * 1000)
    ink = first.top + leading - second.bottom
    size = min(place.wrap_below, place.width * 1000 / max(map(_reach, lines)), place.tall * 1000 / ink)
    return SetText(lines, size, place, leading * size / 1000)


@dataclass
class FontShelf:
    """The fonts of one page: those of the batch, written once, and those that one sheet adds."""

    prefix: str
    resident: Mapping[str, Subset] = field(default_factory=dict)
    subsets: dict[str, Subset] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Resource name by font name, for the fonts that this shelf adds."""
    resident_names: Mapping[str, str] = field(default_factory=dict)

    def look_up(self, letter: Letter) -> tuple[str, int]:
        """Return resource name and code of a letter, adding it to the sheet's own fonts where it is new."""
        font = letter.choice.name
        resident = self.resident.get(font)
        if resident is not None:
            code = resident.codes.get((letter.drawing, letter.text))
            if code is not None:
                return self.resident_names[font], code
        subset = self.subsets.get(font)
        if subset is None:
            subset = self.subsets[font] = Subset(face(font))
            self.names[font] = f"{self.prefix}{len(self.subsets)}"
        return self.names[font], subset.code(letter.drawing, letter.text)

    def embed(self, writer: PdfWriter) -> bytes:
        """Write the fonts that this shelf adds and return their resource entries."""
        return b"".join(
            b"/%b %d 0 R" % (self.names[font].encode(), subset.embed(writer)) for font, subset in self.subsets.items()
        )


@dataclass(frozen=True)
class Piece:
    """A part of a set text whose letters are side by side on one line, from one stretch of what is read."""

    stretch: int
    operators: str
    left: float
    right: float
    """From where to where its letters go on the page."""
    baseline: float


def set_text(text: SetText, shelf: FontShelf) -> str:
    """Return the operators that draw a text at its place."""
    return "".join(piece.operators for piece in set_pieces(text, shelf, [0]))


def set_pieces(text: SetText, shelf: FontShelf, starts: Sequence[int]) -> list[Piece]:
    """Return the pieces of a text at its place; `starts` are the indices at which a new stretch of it begins."""
    colour = " ".join(map(number, text.place.colour)) + " rg\n"
    found: list[Piece] = []
    before = 0
    for index, line in enumerate(text.lines):
        for stretch, letters in _side_by_side(line, before, starts):
            y = text.place.y - index * text.leading
            operators, left, right = _set_letters(letters, line, text, y, shelf)
            found.append(Piece(stretch, operators if found else colour + operators, left, right, y))
        before += len(line.text) + 1
    return found


def _side_by_side(line: ShapedLine, before: int, starts: Sequence[int]) -> Iterator[tuple[int, Sequence[Letter]]]:
    if len(starts) == 1:
        yield 0, line.letters
        return
    if not line.right_to_left:
        cuts = [bisect_left(line.letters, start - before, key=lambda letter: letter.at) for start in starts]
        for stretch, (begin, end) in enumerate(itertools.pairwise([*cuts, len(line.letters)])):
            if begin < end:
                yield stretch, line.letters[begin:end]
        return
    grouped = itertools.groupby(line.letters, key=lambda letter: bisect_right(starts, before + letter.at) - 1)
    for stretch, letters in grouped:
        yield stretch, tuple(letters)


def _set_letters(
    letters: Sequence[Letter], line: ShapedLine, text: SetText, y: float, shelf: FontShelf
) -> tuple[str, float, float]:
    """Return one text object and its sides; letters are moved to their places by TJ numbers."""
    size, place = text.size, text.place
    start = place.x - ALIGNMENTS[place.align] * line.width * size / 1000
    first = pen = letters[0].x if letters else 0.0
    out: list[tuple[str, float, list[str]]] = []
    choice, units, set_in = None, 1, ("", 0.0)
    for letter in letters:
        name, code = shelf.look_up(letter)
        if letter.choice is not choice:
            choice, units = letter.choice, face(letter.choice.name).units_per_em
        scale = choice.scale
        if set_in != (name, scale):
            set_in = (name, scale)
            out.append((name, scale, []))
        # PDF counts moves in thousandths of the font's size; what rounding leaves is carried on in pen
        move = round((pen - letter.x) / scale)
        out[-1][2].append(f"{move}<{code:04X}>" if move else f"<{code:04X}>")
        pen += (letter.drawing[1] * 1000 / units - move) * scale
    shown = (
        f"/{name} {number(size * scale)} Tf\n[{''.join(moves).replace('><', '')}]TJ\n" for name, scale, moves in out
    )
    left = start + first * size / 1000
    operators = f"BT {number(left)} {number(y)} Td\n{''.join(shown)}ET\n"
    return operators, left, start + pen * size / 1000
