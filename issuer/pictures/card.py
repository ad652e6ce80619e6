"""The card: what chats and social networks show of a link. It names course and institution, nobody else."""

from dataclasses import replace

from PIL import Image

from issuer.pictures.painting import Painting
from issuer.sheet.colours import GREY, INK, WHITE, blend
from issuer.sheet.design import BOLD, DISPLAY, SANS, SERIF, URDU, Box, Look
from issuer.sheet.ornament import SHARP, circle, emblem, star
from issuer.sheet.texts import SheetWording
from issuer.sheet.typesetting import Place, prepare

WIDTH, HEIGHT = 1200, 630
"""What social networks ask for."""
COLOURS = 128
_BAND = 372
_LEFT, _RIGHT = _BAND + 62.0, WIDTH - 64.0
_MIDDLE, _HEART = _BAND / 2, 330.0


def draw_card(wording: SheetWording, look: Look, logo: Image.Image | None, initial: str) -> bytes:
    """Return the card of a course, a PNG. Raises SheetError where a text cannot be drawn."""
    painting = Painting(WIDTH, HEIGHT)
    _ground(painting, look)
    _seal(painting, look, logo, initial)
    _texts(painting, wording, look)
    return painting.png(COLOURS)


def _ground(painting: Painting, look: Look) -> None:
    painting.shape([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], WHITE)
    pitch, colour = _BAND / 4, blend(WHITE, look.colour, 0.16)
    painting.shape([(0, 0), (_BAND, 0), (_BAND, HEIGHT), (0, HEIGHT)], look.colour)
    for column in range(5):
        for row in range(8):
            middle = (column * pitch, HEIGHT - row * pitch)
            painting.outline(star(*middle, pitch / 2), colour, 1.2)
            painting.outline(star(*middle, pitch * 0.26, 8, SHARP), colour, 1)
    painting.shape([(_BAND, 0), (WIDTH, 0), (WIDTH, HEIGHT), (_BAND, HEIGHT)], WHITE)
    painting.shape([(_BAND, 0), (_BAND + 10, 0), (_BAND + 10, HEIGHT), (_BAND, HEIGHT)], look.second)


def _seal(painting: Painting, look: Look, logo: Image.Image | None, initial: str) -> None:
    for radius, colour in ((134, look.second), (130, look.colour), (124, WHITE)):
        painting.shape(circle(_MIDDLE, _HEART, radius), colour)
    if logo is not None:
        painting.picture(logo, Box(_MIDDLE - 86, _HEART - 86, 172, 172))
        return
    painting.shapes(emblem(_MIDDLE, _HEART, 114, look))
    if initial:
        place = Place(_MIDDLE, 90, 76, DISPLAY, look.colour, y=_HEART - 27, above=80, below=20)
        painting.text(prepare("initial", initial, place))


def _texts(painting: Painting, wording: SheetWording, look: Look) -> None:
    line = Place(_LEFT, _RIGHT - _LEFT, 30, BOLD, INK, "left", y=532, smallest=4, above=40, below=16)
    course = replace(line, style=DISPLAY, size=62, colour=look.colour, y=352, above=90, below=40)
    texts = [
        ("institution", wording.institution, line),
        ("institution_urdu", wording.institution_urdu, replace(line, style=URDU, size=24, y=484, above=50, below=20)),
        ("headline", wording.headline, replace(line, style=SERIF, size=27, colour=look.second_ink, y=420)),
        ("course", wording.course, replace(course, wrap_below=50, tall=128)),
        ("course_urdu", wording.course_urdu, replace(line, style=URDU, size=30, y=186, above=52, below=26)),
        ("verifier_domain", wording.verifier_domain, replace(line, style=SANS, size=24, colour=GREY, y=70)),
    ]
    for name, text, place in texts:
        if text:
            painting.text(prepare(name, text, place, wording.language))
    painting.shape([(_LEFT, 116), (_LEFT + 86, 116), (_LEFT + 86, 121), (_LEFT, 121)], look.second)
