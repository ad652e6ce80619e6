"""The bilingual design: Urdu first and from the right, English beneath, a column of tiles with the QR at the left."""

from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from issuer.sheet.colours import GREY, INK, WHITE
from issuer.sheet.design import (
    DISPLAY,
    HEIGHT,
    QR_SIDE,
    SANS,
    SERIF,
    URDU,
    WIDTH,
    Box,
    Columns,
    Design,
    Flow,
    Layout,
    Look,
)  # fmt: skip
from issuer.sheet.ornament import draw_emblem, fill, frame, star, tiles
from issuer.sheet.typesetting import Place

RIGHT, LEFT = WIDTH - 58, 226.0
COLUMN = Box(36, 36, 150, HEIGHT - 72)
MIDDLE = (LEFT + RIGHT) / 2
EMBLEM = Box(RIGHT - 64, HEIGHT - 40 - 64, 64, 64)
HEADING = EMBLEM.x - 16
QR = Box(COLUMN.x + (COLUMN.width - QR_SIDE) / 2, 118, QR_SIDE, QR_SIDE)
PANEL = Box(QR.x - 17, QR.y - 44, QR_SIDE + 34, QR_SIDE + 86)
FOOT = 113.0
"""Height of the rules under date and professor."""
SIGNED, DATED = Box(RIGHT - 286, FOOT, 286, 0), Box(LEFT, FOOT, 222, 0)
SIGNATURE = Box(SIGNED.x + (SIGNED.width - 170) / 2, FOOT + 3, 170, 33)


def layout(look: Look) -> Layout:
    """Return where everything is placed."""
    wide = RIGHT - LEFT
    urdu = Place(MIDDLE, wide, 13, URDU, INK, smallest=6, above=20, below=6)
    english = Place(MIDDLE, wide, 9.5, SANS, GREY, smallest=6, above=9, below=3, stretch=0.1)
    small = replace(english, size=8, smallest=5)
    hero = Place(MIDDLE, wide, 38, DISPLAY, INK, smallest=10, above=37, below=17, wrap_below=24, tall=57, stretch=0.8)
    course_urdu = replace(urdu, size=19, colour=look.colour, above=29, below=7, smallest=9, stretch=0.7)
    course = replace(english, style=SERIF, size=12.5, above=12, below=4, wrap_below=9, tall=21)
    if "course_urdu" not in look.given:
        course = replace(
            course, style=DISPLAY, size=22, above=22, below=8, wrap_below=17, tall=44, colour=look.colour, stretch=0.6
        )
    heading = replace(
        urdu, x=HEADING, width=HEADING - LEFT, align="right", size=18, above=24, below=8, stretch=0, smallest=8
    )
    heading_english = replace(heading, style=SANS, colour=GREY, size=9, above=9, below=3, smallest=6)
    head: dict[str, Place | Columns] = {
        "institution_urdu": heading,
        "institution": replace(heading_english, style=SERIF, size=13, above=12, below=4),
        "programme": replace(heading_english, gap=1),
    }
    body: dict[str, Place | Columns] = {
        "headline_urdu": replace(urdu, size=25, colour=look.colour, above=51, below=9, stretch=0, smallest=12),
        "headline": replace(english, size=11, tracking=120, colour=look.second_ink, above=11),
        "lead_urdu": urdu,
        "lead": english,
        "recipient": hero,
        "father": replace(english, style=SERIF, size=11.5, above=15, below=6, stretch=0.3),
        "statement_urdu": replace(urdu, above=26, below=5, stretch=0.6),
        "statement": english,
        "course_urdu": course_urdu,
        "course": course,
        "facts": Columns(
            MIDDLE, wide, replace(small, width=100, y=-43, size=6.5, tracking=60),
            replace(urdu, style=SERIF, width=100, y=-33, size=11.5, above=14, below=8, smallest=5),
            replace(urdu, width=100, y=-16, size=8.2, smallest=5, colour=look.colour, above=17, below=8),
            height=46, gap=2, centred=True, right_to_left=True, widest_gap=56,
        ),
    }  # fmt: skip
    at_right = replace(urdu, align="right", x=RIGHT, y=FOOT - 19, size=11.5, above=22, below=8)
    at_left = replace(english, align="left", style=SERIF, colour=INK, size=11, above=12, below=4, y=FOOT - 15)
    date_urdu, date = replace(at_right, x=LEFT + DATED.width), replace(at_left, x=LEFT)
    label_urdu = replace(date_urdu, width=100, size=9, above=16, colour=GREY)
    foot_urdu = replace(at_right, y=55, width=wide, size=8.5, smallest=4.5, colour=GREY, above=15, below=8)
    foot = replace(small, align="right", x=RIGHT)
    places: dict[str, Place | Box] = {
        "emblem": EMBLEM,
        "initial": Place(EMBLEM.x + 32, 38, 23, DISPLAY, look.colour, y=EMBLEM.y + 24.3, above=28, below=8),
        "signature": SIGNATURE,
        "professor_urdu": replace(at_right, width=134),
        "professor": replace(at_left, x=SIGNED.x, width=146),
        "professor_title": replace(small, align="left", x=SIGNED.x, y=FOOT - 29, width=SIGNED.width),
        "date_urdu": replace(date_urdu, y=FOOT + 9, width=100),
        "date": replace(date, y=FOOT + 8, width=112),
        "date_label_urdu": label_urdu,
        "date_label": replace(small, align="left", x=LEFT, y=FOOT - 15, width=112),
        "expires_urdu": replace(date_urdu, y=FOOT - 39, width=112, size=8.5, smallest=5, above=16),
        "expires": replace(small, align="left", x=LEFT, y=FOOT - 33, width=106, colour=INK),
        "qr": QR,
        "scan_label_urdu": Place(QR.x + QR_SIDE / 2, PANEL.width - 8, 9, URDU, look.colour, y=QR.y + QR_SIDE + 23,
                                 smallest=5, above=18, below=9),
        "code": Place(QR.x + QR_SIDE / 2, PANEL.width - 8, 10, SANS, INK, y=PANEL.y + 14, smallest=8, tracking=20),
        "how_to_check_urdu": foot_urdu,
        "how_to_check": replace(foot, y=42.5, size=7.5),
        "hash": replace(foot, y=34, size=6),
    }  # fmt: skip
    order = (
        *("specimen", "emblem", "initial", *head, *body, "signature", "professor_urdu", "professor", "professor_title"),
        *("date_label_urdu", "date_label", "date_urdu", "date", "expires_urdu", "expires"),
        *("qr", "scan_label_urdu", "code", "how_to_check_urdu", "how_to_check", "hash"),
    )
    head_flow = Flow(HEIGHT - 42, HEIGHT - 106, head, tail=1.0)
    return Layout(places, head_flow, Flow(HEIGHT - 106, 150, body, tail=0.3), order, urdu_labels=True)


def ground(canvas: Canvas, look: Look) -> None:
    """Draw frame, column, the card for the QR, and rules."""
    page = (WIDTH, HEIGHT)
    frame(canvas, 18, look.colour, 1.6, page)
    frame(canvas, 23, look.second, 0.6, page)
    box = COLUMN
    corners = [
        (box.x, box.y),
        (box.x + box.width, box.y),
        (box.x + box.width, box.y + box.height),
        (box.x, box.y + box.height),
    ]
    fill(canvas, corners, look.colour)
    tiles(canvas, box, box.width / 3, look.second, 0.8)
    canvas.setStrokeColorRGB(*look.second)
    canvas.setLineWidth(1)
    canvas.setFillColorRGB(*WHITE)
    canvas.roundRect(PANEL.x, PANEL.y, PANEL.width, PANEL.height, 6, stroke=1, fill=1)
    fill(canvas, star(box.x + box.width / 2, 440, 52), look.second)
    fill(canvas, star(box.x + box.width / 2, 440, 50), WHITE)
    fill(canvas, star(box.x + box.width / 2, 440, 46), look.colour)
    fill(canvas, star(box.x + box.width / 2, 440, 30, 8, 0.414), look.second)
    canvas.setLineWidth(0.6)
    for rule in (SIGNED, DATED):
        canvas.line(rule.x, rule.y, rule.x + rule.width, rule.y)
    if "logo" not in look.given:
        draw_emblem(canvas, EMBLEM, look)


DESIGN = Design(layout, ground)
