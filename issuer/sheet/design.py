"""What a design is made of: places for what varies, flows that share out height, and a function that draws the ground.

Lengths are points from the lower left corner of an A4 landscape page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from issuer.sheet.colours import WHITE, Colour, as_ink, blend
from issuer.sheet.shaping import FontChoice, FontStyle
from issuer.sheet.typesetting import Place

WIDTH, HEIGHT = 841.89, 595.276
MIDDLE = WIDTH / 2

# Nastaliq letters are small for their em, and its words climb: in small lines it is set larger than Latin
NASTALIQ, NASTALIQ_HERO = FontChoice("NotoNastaliqUrdu-Regular", 1.15), FontChoice("NotoNastaliqUrdu-Regular", 0.9)
NASKH = FontChoice("NotoNaskhArabic-Regular", 1.05, arabic=True)
_SERIF, _SANS = FontChoice("NotoSerif-Regular"), FontChoice("NotoSans-Regular")
DISPLAY = FontStyle((FontChoice("NotoSerifDisplay-Regular"), NASTALIQ_HERO, NASKH, _SERIF, _SANS))
SERIF = FontStyle((_SERIF, NASTALIQ, NASKH, _SANS))
ITALIC = FontStyle((FontChoice("NotoSerif-Italic"), NASTALIQ, NASKH, _SERIF, _SANS))
SANS = FontStyle((_SANS, NASTALIQ, NASKH, _SERIF))
BOLD = FontStyle((FontChoice("NotoSans-Bold"), NASTALIQ_HERO, NASKH, _SANS, _SERIF))
URDU = FontStyle((FontChoice("NotoNastaliqUrdu-Regular"), NASKH, _SERIF, _SANS))

QR_SIDE = 27 * mm
"""Large enough that a phone reads it from a print that has been folded."""


@dataclass(frozen=True)
class Box:
    """A rectangle for a picture: lower left corner, width and height."""

    x: float
    y: float
    width: float
    height: float
    align: float = 0.5
    """Where a narrower picture is placed in it: 0 left, 1 right."""


@dataclass(frozen=True)
class Columns:
    """Facts side by side, each a value with its label; a row of a flow. Only those that are given take a column."""

    x: float
    """The left edge of the first column; of centred ones, the middle of them all."""
    room: float
    """The width of all columns together; each is as wide as its texts, and what is left over goes between them."""
    label: Place
    value: Place
    """Their y counts from the top of the row's room, downwards and so negative; their x is set."""
    label_urdu: Place | None = None
    centred: bool = False
    """Whether texts are in the middle of their column; otherwise they begin at its left edge."""
    right_to_left: bool = False
    height: float = 34.0
    gap: float = 0.0
    stretch: float = 1.0
    widest_gap: float = 46.0

    def places(self, widths: Sequence[float]) -> list[float]:
        """Return the x of each column, given the widths of their texts."""
        ordered = list(reversed(widths)) if self.right_to_left else list(widths)
        between = (self.room - sum(widths)) / max(1, len(widths) - 1)
        between = min(between, self.widest_gap)
        at = self.x - (sum(widths) + between * (len(widths) - 1)) / 2 if self.centred else self.x
        found = []
        for width in ordered:
            found.append(at + width / 2 if self.centred else at)
            at += width + between
        return list(reversed(found)) if self.right_to_left else found


@dataclass(frozen=True)
class Flow:
    """Rows from top to bottom of which some may be missing; height that is left over is shared among their gaps."""

    top: float
    bottom: float
    rows: Mapping[str, Place | Columns]
    tail: float = 1.0
    """The share of what is left over that goes below the last row."""

    def tops(self, names: Sequence[str], heights: Sequence[float]) -> list[float]:
        """Return where the room of each row begins."""
        rows = [self.rows[name] for name in names]
        spare = self.top - self.bottom - sum(heights) - sum(row.gap for row in rows)
        shares = sum(row.stretch for row in rows) + self.tail
        squeeze = 1.0 if spare >= 0 else max(0.0, 1 + spare / (sum(row.gap for row in rows) or 1))
        at, found = self.top, []
        for row, height in zip(rows, heights, strict=True):
            at -= row.gap * squeeze + max(spare, 0.0) * row.stretch / shares
            found.append(at)
            at -= height
        return found


@dataclass(frozen=True)
class Look:
    """What of a batch changes its design: two colours, and which of the fixed texts and pictures there are."""

    colour: Colour
    second: Colour
    given: frozenset[str]

    def tint(self, share: float) -> Colour:
        """Return the first colour thinned with white; `share` of it is left."""
        return blend(self.colour, WHITE, share)

    @property
    def second_ink(self) -> Colour:
        """The second colour for small letters, darkened where it is too pale for them."""
        return as_ink(self.second)


@dataclass(frozen=True)
class Layout:
    """One design for one look."""

    places: Mapping[str, Place | Box]
    """Texts and pictures at fixed places; pictures are emblem, signature and qr."""
    head: Flow
    """Texts that all sheets of the batch share."""
    body: Flow
    """Texts of which some differ from sheet to sheet."""
    order: tuple[str, ...]
    """All names, in the order in which the sheet is read aloud."""
    urdu_labels: bool = False
    """Whether a label before an Urdu value is in Urdu."""


@dataclass(frozen=True)
class Design:
    """A design: what its file under designs/ defines."""

    layout: Callable[[Look], Layout]
    ground: Callable[[Canvas, Look], None]
    """Draws what is under the texts; decoration only."""
