"""The modern design: a coloured band with emblem and QR at the left, everything else flush left beside it."""

from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from issuer.sheet.colours import GREY, INK, WHITE, blend
from issuer.sheet.design import (
    BOLD,
    HEIGHT,
    QR_SIDE,
    SANS,
    WIDTH,
    Box,
    Columns,
    Design,
    Flow,
    Layout,
    Look,
)  # fmt: skip
from issuer.sheet.ornament import circle, draw_emblem, fill, tiles
from issuer.sheet.typesetting import Place

BAND = 196.0
LEFT, RIGHT = 240.0, WIDTH - 48
PANEL = Box(40, 58, BAND - 80, 146)
"""The white card that holds the QR with its quiet zone and the code."""
QR = Box(BAND / 2 - QR_SIDE / 2, PANEL.y + PANEL.height - 19 - QR_SIDE, QR_SIDE, QR_SIDE)
EMBLEM = Box(BAND / 2 - 43, HEIGHT - 61 - 86, 86, 86)
SIGNATURE = Box(LEFT, 122, 160, 40, align=0.0)
FOOT = 116.0
DATE = 560.0


def layout(look: Look) -> Layout:
    """Return where everything is placed."""
    line = Place(LEFT, RIGHT - LEFT, 12.5, SANS, GREY, "left", smallest=7, above=12.5, below=4)
    small = Place(LEFT, 200, 8, SANS, GREY, "left", smallest=5, above=8, below=3)
    hero = replace(
        line, style=BOLD, size=40, colour=INK, smallest=10, above=40, below=17, gap=2, wrap_below=29, tall=72
    )
    head: dict[str, Place | Columns] = {
        "institution": replace(line, style=BOLD, size=15, colour=INK, above=15, below=4, stretch=0),
        "institution_urdu": replace(line, size=14, colour=INK, above=20, below=10, stretch=0),
        "programme": replace(line, size=10.5, above=11, gap=2, stretch=0),
        "headline": replace(line, style=BOLD, size=25, colour=look.colour, smallest=13, above=24, below=7, gap=10),
    }
    body: dict[str, Place | Columns] = {
        "lead": replace(line, stretch=0.6),
        "recipient": hero,
        "father": replace(line, size=11, above=20, below=10, stretch=0.3),
        "statement": replace(line, gap=2),
        "course": replace(hero, size=21, colour=look.colour, smallest=11, above=21, below=9, wrap_below=16.5, tall=46),
        "facts": Columns(
            LEFT, RIGHT - LEFT, replace(small, width=104, y=-8, size=6.8, tracking=70),
            replace(line, width=104, y=-24, size=12, colour=INK, above=14, below=8, smallest=5), height=32, gap=8,
        ),
    }  # fmt: skip
    places: dict[str, Place | Box] = {
        "emblem": EMBLEM,
        "initial": Place(BAND / 2, 50, 38, BOLD, look.colour, y=EMBLEM.y + 29.5, above=40, below=8),
        "signature": SIGNATURE,
        "professor": replace(line, style=BOLD, y=FOOT - 17, width=290, size=12, colour=INK),
        "professor_title": replace(small, y=FOOT - 30, width=290, size=8.5),
        "date": replace(line, style=BOLD, x=DATE, y=FOOT - 17, width=RIGHT - DATE, size=12, colour=INK),
        "date_label": replace(small, x=DATE, y=FOOT - 30, size=8.5),
        "expires": replace(small, x=DATE, y=FOOT - 45, width=RIGHT - DATE, size=8.5, colour=INK, above=9),
        "qr": QR,
        "scan_label": Place(BAND / 2, BAND - 40, 8.5, SANS, WHITE, y=PANEL.y - 16, smallest=5),
        "code": Place(BAND / 2, PANEL.width - 8, 9.5, BOLD, INK, y=PANEL.y + 15, smallest=8, tracking=20),
        "how_to_check": replace(small, y=48, width=RIGHT - LEFT, size=8),
        "hash": replace(small, y=36, width=RIGHT - LEFT, size=6.2),
    }
    order = (
        *("specimen", "emblem", "initial", *head, *body, "signature", "professor", "professor_title", "date_label"),
        *("date", "expires", "qr", "scan_label", "code", "how_to_check", "hash"),
    )
    return Layout(places, Flow(HEIGHT - 50, 410, head, tail=0.3), Flow(405, 178, body, tail=0.7), order)


def ground(canvas: Canvas, look: Look) -> None:
    """Draw the band with its tiles, the card for the QR, and rules."""
    band = Box(0, 0, BAND, HEIGHT)
    fill(canvas, [(0, 0), (BAND, 0), (BAND, HEIGHT), (0, HEIGHT)], look.colour)
    tiles(canvas, band, BAND / 4, blend(WHITE, look.colour, 0.13), 0.7)
    fill(canvas, [(BAND, 0), (BAND + 5, 0), (BAND + 5, HEIGHT), (BAND, HEIGHT)], look.second)
    canvas.setFillColorRGB(*WHITE)
    canvas.roundRect(PANEL.x, PANEL.y, PANEL.width, PANEL.height, 7, stroke=0, fill=1)
    for radius, colour in ((67, look.second), (65, look.colour), (62, WHITE)):
        fill(canvas, circle(BAND / 2, EMBLEM.y + 43, radius), colour)
    if "logo" not in look.given:
        draw_emblem(canvas, Box(EMBLEM.x - 14, EMBLEM.y - 14, EMBLEM.width + 28, EMBLEM.height + 28), look)
    canvas.setStrokeColorRGB(*look.second)
    canvas.setLineWidth(0.7)
    canvas.line(LEFT, FOOT, DATE - 40, FOOT)
    canvas.line(DATE, FOOT, RIGHT, FOOT)
    canvas.setLineWidth(2.2)
    canvas.line(LEFT, 407, LEFT + 46, 407)


DESIGN = Design(layout, ground)
