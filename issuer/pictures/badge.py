"""The badge that wallets show: a medallion with the institution's emblem, and the course on a ribbon."""

from dataclasses import replace

from PIL import Image

from issuer.pictures.painting import Painting
from issuer.sheet.colours import INK, WHITE, blend
from issuer.sheet.design import BOLD, DISPLAY, SANS, Box, Look
from issuer.sheet.ornament import KHATIM, Shape, circle, star
from issuer.sheet.texts import SheetWording
from issuer.sheet.typesetting import Place, prepare

SIDE = 600
COLOURS = 160
_MIDDLE, _HEART = SIDE / 2, 310.0


def draw_badge(wording: SheetWording, look: Look, logo: Image.Image | None, initial: str) -> bytes:
    """Return the badge of a course, a square PNG on transparent ground. Raises SheetError."""
    painting = Painting(SIDE, SIDE)
    painting.shapes(_medallion(look))
    if logo is not None:
        painting.picture(logo, Box(_MIDDLE - 92, _HEART - 62, 184, 184))
    elif initial:
        place = Place(_MIDDLE, 200, 170, DISPLAY, look.colour, y=_HEART - 26, above=190, below=30)
        painting.text(prepare("initial", initial, place))
    _ribbon(painting, wording, look)
    return painting.png(COLOURS)


def _medallion(look: Look) -> list[Shape]:
    x, y = _MIDDLE, _HEART
    pale = blend(WHITE, look.colour, 0.22)
    return [
        Shape(star(x, y, 274, 24, 0.925), look.second),
        Shape(star(x, y, 262, 24, 0.925), WHITE),
        Shape(star(x, y, 256, 24, 0.925), look.colour),
        Shape(star(x, y, 224, 8, KHATIM), pale),
        Shape(star(x, y, 220, 8, KHATIM), look.colour),
        Shape(star(x, y, 224, 8, KHATIM, 0.5), pale),
        Shape(star(x, y, 220, 8, KHATIM, 0.5), look.colour),
        Shape(circle(x, y, 170), look.second),
        Shape(circle(x, y, 163), WHITE),
        Shape(circle(x, y, 156), blend(look.second, WHITE, 0.35)),
        Shape(circle(x, y, 154), WHITE),
    ]


def _ribbon(painting: Painting, wording: SheetWording, look: Look) -> None:
    top, low, fold = 200.0, 62.0, 26.0
    dark = blend(look.colour, INK, 0.55)
    for side in (-1, 1):
        outer, inner = _MIDDLE + side * 298, _MIDDLE + side * 222
        notch = _MIDDLE + side * 272
        tail = [(inner, top - fold), (outer, top - fold), (notch, (top + low) / 2 - fold), (outer, low - fold)]
        painting.shape([*tail, (inner, low - fold)], dark)
        painting.shape([(inner, low), (_MIDDLE + side * 262, low), (inner, low - fold)], INK)
    left, right = _MIDDLE - 262, _MIDDLE + 262
    for colour, rim in ((look.second, 0), (look.colour, 5)):
        painting.shape([(left, low + rim), (right, low + rim), (right, top - rim), (left, top - rim)], colour)
    course = Place(_MIDDLE, 490, 36, BOLD, WHITE, y=150, smallest=4, above=44, below=26, wrap_below=34, tall=70)
    institution = Place(_MIDDLE, 480, 20, SANS, blend(WHITE, look.colour, 0.85), y=80, smallest=4, above=24, below=10)
    text = prepare("course", wording.course, course, wording.language)
    painting.text(replace(text, place=text.place.moved(y=text.baseline(top - 15))))
    painting.text(prepare("institution", wording.institution, institution, wording.language))
