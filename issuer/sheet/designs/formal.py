"""The formal design: centred, in a frame with a chain of diamonds and a star at each corner."""

from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from issuer.sheet.colours import GREY, INK
from issuer.sheet.design import (
    DISPLAY,
    HEIGHT,
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
from issuer.sheet.ornament import divider, draw_emblem, fill, frame, lattice, rosette, star
from issuer.sheet.typesetting import Place

EMBLEM = Box(MIDDLE - 31, 491, 62, 62)
QR = Box(WIDTH - 66 - QR_SIDE, 89, QR_SIDE, QR_SIDE)
SIGNATURE = Box(MIDDLE - 80, 101, 160, 40)
LEFT = 66 + 82.0
FOOT = 98.0
"""Height of the rules under date and professor."""
DIVIDER = 364.0


def layout(look: Look) -> Layout:
    """Return where everything is placed."""
    hero = Place(MIDDLE, 660, 40, DISPLAY, INK, smallest=10, above=42, below=19, gap=3, wrap_below=30, tall=72)
    line = Place(MIDDLE, 600, 13, ITALIC, GREY, smallest=7, above=13, below=5)
    small = Place(MIDDLE, 160, 8, SANS, GREY, smallest=5, above=8, below=3)
    head: dict[str, Place | Columns] = {
        "institution": replace(hero, width=620, size=22, above=21, below=6, smallest=10, gap=0, wrap_below=0),
        "institution_urdu": Place(MIDDLE, 540, 17, DISPLAY, INK, smallest=9, above=16, below=9, stretch=0.3),
        "programme": replace(small, width=620, size=8.5, tracking=90, above=9, gap=2, stretch=0.5),
        "headline": replace(hero, size=34, above=30, below=8, colour=look.colour, smallest=14, gap=4, wrap_below=0),
    }
    body: dict[str, Place | Columns] = {
        "lead": replace(line, stretch=0.5),
        "recipient": hero,
        "father": replace(line, style=SERIF, size=11.5, above=20, below=9, gap=0, stretch=0.3),
        "statement": replace(line, gap=2),
        "course": Place(
            MIDDLE, 640, 22, DISPLAY, look.colour, smallest=11, above=21, below=9, gap=2, wrap_below=17, tall=42
        ),
        "facts": Columns(
            MIDDLE,
            520,
            replace(small, width=98, y=-7, size=6.8, tracking=80, colour=look.second_ink),
            replace(line, style=SERIF, width=98, y=-24, size=11.5, colour=INK, above=14, below=8, smallest=5),
            centred=True,
            height=32,
            gap=4,
        ),
    }  # fmt: skip
    places: dict[str, Place | Box] = {
        "emblem": EMBLEM,
        "initial": Place(MIDDLE, 30, 23, DISPLAY, look.colour, y=EMBLEM.y + 23.5, above=24, below=8),
        "date": replace(line, style=SERIF, x=LEFT, y=FOOT + 8, width=160, size=12, colour=INK, above=20),
        "date_label": replace(small, x=LEFT, y=FOOT - 12),
        "expires": replace(small, x=LEFT, y=FOOT - 27, size=8.5, colour=INK, above=9),
        "signature": SIGNATURE,
        "professor": replace(line, style=SERIF, y=FOOT - 15, width=240, size=12, colour=INK, above=12),
        "professor_title": replace(small, y=FOOT - 27, width=250, size=8.5),
        "qr": QR,
        "scan_label": replace(small, x=QR.x + QR_SIDE / 2, y=QR.y + QR_SIDE + 12, width=110, size=7.5),
        "code": Place(QR.x + QR_SIDE / 2, 130, 10, SANS, INK, y=70, smallest=9, tracking=40),
        "how_to_check": replace(small, y=51, width=680, size=8),
        "hash": replace(small, y=40.5, width=700, size=6.2),
    }
    order = (
        *("specimen", "emblem", "initial", *head, *body, "date_label", "date", "expires", "signature", "professor"),
        *("professor_title", "scan_label", "qr", "code", "how_to_check", "hash"),
    )
    return Layout(places, Flow(488, 371, head, tail=0.4), Flow(357, 142, body, tail=0.9), order)


def ground(canvas: Canvas, look: Look) -> None:
    """Draw frame, corners, rules and the emblem where there is no logo."""
    page = (WIDTH, HEIGHT)
    rosette(canvas, MIDDLE, 258, 186, look.tint(0.10), 0.45)
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
    divider(canvas, MIDDLE, DIVIDER, 190, look)
    canvas.setStrokeColorRGB(*look.second)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT - 82, FOOT, LEFT + 82, FOOT)
    canvas.line(MIDDLE - 120, FOOT, MIDDLE + 120, FOOT)
    if "logo" not in look.given:
        draw_emblem(canvas, EMBLEM, look)


DESIGN = Design(layout, ground)
