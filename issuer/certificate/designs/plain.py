"""The plain design: a centred sheet with a thin double frame.

A design is this much: named places for the texts, boxes for pictures and QR, and a function that draws the ground
with ordinary reportlab. Lengths are points from the lower left corner of an A4 landscape page.
"""

from dataclasses import dataclass, replace

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from issuer.certificate.shaping import FontChoice, FontStyle
from issuer.certificate.typesetting import Place

PAGE = (841.89, 595.276)
MIDDLE = PAGE[0] / 2
Colour = tuple[float, float, float]
INK: Colour = (0.13, 0.13, 0.15)
GREY: Colour = (0.38, 0.38, 0.41)

_NASKH = FontChoice("NotoNaskhArabic-Regular", 1.05)
_DISPLAY, _SERIF, _SANS = (
    FontChoice(name) for name in ("NotoSerifDisplay-Regular", "NotoSerif-Regular", "NotoSans-Regular")
)
# Nastaliq letters are small for their em, and its words climb: in small lines it is set larger than Latin
DISPLAY = FontStyle((_DISPLAY, FontChoice("NotoNastaliqUrdu-Regular", 0.9), _NASKH, _SERIF, _SANS))
SERIF = FontStyle((_SERIF, FontChoice("NotoNastaliqUrdu-Regular", 1.15), _NASKH, _SANS))
SANS = FontStyle((_SANS, FontChoice("NotoNastaliqUrdu-Regular", 1.15), _NASKH, _SERIF))


@dataclass(frozen=True)
class Box:
    """A rectangle for a picture: lower left corner, width and height."""

    x: float
    y: float
    width: float
    height: float


LOGO = Box(62, 470, 72, 72)
SIGNATURE = Box(MIDDLE - 75, 103, 150, 40)
QR = Box(PAGE[0] - 62 - 28 * mm, 92, 28 * mm, 28 * mm)

_FOOT = 98.0
"""Height of the rules on which date and professor stand."""


def places(accent: Colour, bilingual: bool) -> dict[str, Place]:
    """Return the place of each text by its field's name; `bilingual` if the institution has its Urdu name."""
    hero = Place(MIDDLE, 320, 640, 44, DISPLAY, INK, smallest=10, above=46, below=26)
    line = Place(MIDDLE, 0, 560, 12, SERIF, GREY, smallest=6, above=13, below=10)
    small = Place(MIDDLE, 0, 150, 8, SANS, GREY, smallest=4.5, above=9, below=4)
    top = 525 if bilingual else 505
    return {
        "institution": replace(hero, y=top, width=540, size=23, smallest=9, above=30, below=9),
        "institution_urdu": Place(MIDDLE, 494, 540, 22, DISPLAY, INK, smallest=9, above=22, below=14),
        "programme": replace(small, y=465, width=600, size=9, tracking=60, above=14, below=12),
        "headline": replace(hero, y=406, size=34, above=36, below=14, colour=accent),
        "lead": replace(line, y=376, above=16),
        "recipient": hero,
        "father": replace(line, y=274, above=20, below=9),
        "statement": replace(line, y=252, above=12, below=8),
        "course": replace(hero, y=220, size=24, above=24, below=13),
        "fact_label": replace(small, y=194, width=98, size=7, tracking=60, below=3),
        "fact_value": replace(line, y=174, width=98, size=11, colour=INK, above=17),
        "date": replace(line, x=147, y=_FOOT + 6, width=160, colour=INK, above=26, below=5),
        "date_label": replace(small, x=147, y=_FOOT - 14, width=160),
        "professor": replace(line, y=_FOOT - 21, width=230, colour=INK, above=20, below=5),
        "professor_title": replace(small, y=_FOOT - 34, width=230, size=8.5, above=8),
        "code": Place(QR.x + QR.width / 2, 74, 120, 9.5, SANS, INK, smallest=9, tracking=40),
        "how_to_check": replace(small, y=49, width=700, size=8),
        "hash": replace(small, y=37, width=700, size=6.5, above=7),
    }


FACTS_PITCH = 104.0
"""Distance between the columns of facts; five of them stay clear of the QR's quiet zone."""


def ground(canvas: Canvas, accent: Colour) -> None:
    """Draw what lies under the texts: frame and rules."""
    canvas.setStrokeColorRGB(*accent)
    canvas.setLineWidth(1.6)
    canvas.rect(20, 20, PAGE[0] - 40, PAGE[1] - 40)
    canvas.setLineWidth(0.4)
    canvas.rect(25, 25, PAGE[0] - 50, PAGE[1] - 50)
    canvas.setLineWidth(0.8)
    canvas.line(MIDDLE - 28, 450, MIDDLE + 28, 450)
    canvas.setLineWidth(0.4)
    canvas.line(67, _FOOT, 227, _FOOT)
    canvas.line(MIDDLE - 115, _FOOT, MIDDLE + 115, _FOOT)
