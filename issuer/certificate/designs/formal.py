"""The formal design: centred, in a frame with a chain of diamonds and a star at each corner."""

from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from issuer.certificate.design import (
    DISPLAY,
    GREY,
    HEIGHT,
    INK,
    ITALIC,
    MIDDLE,
    QR_SIDE,
    SANS,
    SERIF,
    WIDTH,
    Box,
    Columns,
    Design,
    Flow,
    Layout,
    Look,
)  # fmt: skip
from issuer.certificate.ornament import draw_emblem, fill, frame, lattice, star
from issuer.certificate.typesetting import Place

EMBLEM = Box(MIDDLE - 32, 494, 64, 64)
QR = Box(WIDTH - 64 - QR_SIDE, 92, QR_SIDE, QR_SIDE)
SIGNATURE = Box(MIDDLE - 80, 108, 160, 38)
LEFT = 64 + 80.0
FOOT = 104.0
"""Height of the rules on which date and professor stand."""


def layout(look: Look) -> Layout:
    """Return where everything stands."""
    hero = Place(MIDDLE, 660, 40, DISPLAY, INK, smallest=10, above=42, below=19, gap=3, wrap_below=30, tall=74)
    line = Place(MIDDLE, 600, 13, ITALIC, GREY, smallest=7, above=13, below=5)
    small = Place(MIDDLE, 160, 8, SANS, GREY, smallest=5, above=8, below=3)
    head: dict[str, Place | Columns] = {
        "institution": replace(hero, width=620, size=22, above=21, below=6, smallest=10, gap=0, wrap_below=0),
        "institution_urdu": Place(MIDDLE, 540, 19, DISPLAY, INK, smallest=9, above=18, below=10, stretch=0.4),
        "programme": replace(small, width=620, size=8.5, tracking=90, above=9, gap=2, stretch=0.6),
        "headline": replace(hero, size=33, above=29, below=8, colour=look.colour, smallest=14, gap=4, wrap_below=0),
    }
    body: dict[str, Place | Columns] = {
        "lead": line,
        "recipient": hero,
        "father": replace(line, style=SERIF, size=11.5, above=15, below=7, gap=1, stretch=0.5),
        "statement": replace(line, gap=2),
        "course": Place(
            MIDDLE, 640, 22, DISPLAY, look.colour, smallest=11, above=21, below=9, gap=2, wrap_below=17, tall=44
        ),
        "facts": Columns(
            MIDDLE,
            104,
            replace(small, width=98, y=-7, size=6.8, tracking=80, colour=look.second),
            replace(line, style=SERIF, width=98, y=-24, size=11.5, colour=INK, above=14, below=8, smallest=5),
            centred=True,
            height=32,
            gap=4,
        ),
    }  # fmt: skip
    places: dict[str, Place | Box] = {
        "emblem": EMBLEM,
        "initial": Place(MIDDLE, 30, 23, DISPLAY, look.colour, y=EMBLEM.y + 25, above=24, below=8),
        "date": replace(line, style=SERIF, x=LEFT, y=FOOT + 7, width=160, size=12, colour=INK, above=20),
        "date_label": replace(small, x=LEFT, y=FOOT - 12),
        "signature": SIGNATURE,
        "professor": replace(line, style=SERIF, y=FOOT - 15, width=240, size=12, colour=INK, above=12),
        "professor_title": replace(small, y=FOOT - 28, width=250, size=8.5),
        "qr": QR,
        "code": Place(QR.x + QR_SIDE / 2, 130, 10, SANS, INK, y=73, smallest=9, tracking=40),
        "how_to_check": replace(small, y=56, width=680, size=8),
        "hash": replace(small, y=45, width=700, size=6.2),
    }
    order = (
        *("specimen", "emblem", "initial", *head, *body, "date_label", "date", "signature", "professor"),
        *("professor_title", "qr", "code", "how_to_check", "hash"),
    )
    return Layout(places, Flow(490, 378, head, tail=0.4), Flow(378, 160, body, tail=0.8), order)


def ground(canvas: Canvas, look: Look) -> None:
    """Draw frame, corners, rules and the emblem where there is no logo."""
    page = (WIDTH, HEIGHT)
    frame(canvas, 17, look.colour, 2.2, page)
    frame(canvas, 32, look.second, 0.6, page)
    middle = 24.5
    for start, end in (
        ((40, middle), (WIDTH - 40, middle)),
        ((40, HEIGHT - middle), (WIDTH - 40, HEIGHT - middle)),
        ((middle, 40), (middle, HEIGHT - 40)),
        ((WIDTH - middle, 40), (WIDTH - middle, HEIGHT - 40)),
    ):
        lattice(canvas, start, end, 9, look.second, 0.45)
    for x in (middle, WIDTH - middle):
        for y in (middle, HEIGHT - middle):
            fill(canvas, star(x, y, 17), (1, 1, 1))
            fill(canvas, star(x, y, 15), look.colour)
            fill(canvas, star(x, y, 10.5), look.second)
            fill(canvas, star(x, y, 8.5), look.colour)
    canvas.setStrokeColorRGB(*look.second)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT - 80, FOOT, LEFT + 80, FOOT)
    canvas.line(MIDDLE - 120, FOOT, MIDDLE + 120, FOOT)
    if "logo" not in look.given:
        draw_emblem(canvas, EMBLEM, look)


DESIGN = Design(layout, ground)
