"""The bilingual design: Urdu first and from the right, English beneath, a column of tiles with the QR at the left."""

from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from issuer.certificate.design import (
    DISPLAY,
    GREY,
    HEIGHT,
    INK,
    QR_SIDE,
    SANS,
    SERIF,
    URDU,
    WHITE,
    WIDTH,
    Box,
    Columns,
    Design,
    Flow,
    Layout,
    Look,
)  # fmt: skip
from issuer.certificate.ornament import draw_emblem, fill, frame, star, tiles
from issuer.certificate.typesetting import Place

RIGHT, LEFT = WIDTH - 60, 226.0
COLUMN = Box(36, 36, 150, HEIGHT - 72)
MIDDLE = (LEFT + RIGHT) / 2
EMBLEM = Box(RIGHT - 68, HEIGHT - 46 - 68, 68, 68)
HEADING = EMBLEM.x - 16
QR = Box(COLUMN.x + (COLUMN.width - QR_SIDE) / 2, 118, QR_SIDE, QR_SIDE)
PANEL = Box(QR.x - 17, QR.y - 44, QR_SIDE + 34, QR_SIDE + 86)
SIGNATURE = Box(RIGHT - 170, 108, 170, 36, align=1.0)
FOOT = 105.0
DATE = LEFT + 170


def layout(look: Look) -> Layout:
    """Return where everything stands."""
    wide = RIGHT - LEFT
    urdu = Place(MIDDLE, wide, 13, URDU, INK, smallest=6, above=20, below=6)
    english = Place(MIDDLE, wide, 9.5, SANS, GREY, smallest=6, above=9, below=3, stretch=0.15)
    small = replace(english, size=8, smallest=5)
    hero = Place(MIDDLE, wide, 40, DISPLAY, INK, smallest=10, above=38, below=18, wrap_below=24, tall=58, stretch=0.5)
    rightmost, rightmost_urdu = (replace(each, x=RIGHT, align="right") for each in (english, urdu))
    course_urdu = replace(urdu, size=19, colour=look.colour, above=29, below=7, smallest=9)
    course = replace(english, style=SERIF, size=12.5, above=12, below=4)
    if "course_urdu" not in look.given:
        course = replace(course, style=DISPLAY, size=22, above=22, below=8, colour=look.colour, stretch=0.6)
    heading = replace(rightmost_urdu, x=HEADING, width=HEADING - LEFT, size=20, above=26, below=9, stretch=0)
    heading_english = replace(rightmost, x=HEADING, width=HEADING - LEFT)
    head: dict[str, Place | Columns] = {
        "institution_urdu": heading,
        "institution": replace(heading_english, style=SERIF, size=13, above=12, below=4),
        "programme": replace(heading_english, size=9, gap=2),
    }
    body: dict[str, Place | Columns] = {
        "headline_urdu": replace(urdu, size=26, colour=look.colour, above=53, below=10, stretch=0, smallest=12),
        "headline": replace(english, size=11, tracking=120, colour=look.second, above=11),
        "lead_urdu": urdu,
        "lead": english,
        "recipient": hero,
        "father": replace(english, style=SERIF, size=11.5, above=14, below=6),
        "statement_urdu": replace(urdu, above=26, below=5),
        "statement": english,
        "course_urdu": replace(course_urdu, stretch=0.5),
        "course": course,
        "facts": Columns(
            MIDDLE, -108, replace(small, width=100, y=-44, size=6.5, tracking=60),
            replace(urdu, style=SERIF, width=100, y=-33, size=11.5, above=14, below=8, smallest=5),
            replace(urdu, width=100, y=-16, size=8.2, smallest=5, colour=look.colour, above=17, below=8),
            height=47, gap=2, centred=True,
        ),
    }  # fmt: skip
    places: dict[str, Place | Box] = {
        "emblem": EMBLEM,
        "initial": Place(EMBLEM.x + 35, 40, 24, DISPLAY, look.colour, y=EMBLEM.y + 26.5, above=28, below=8),
        "signature": SIGNATURE,
        "professor_urdu": replace(
            rightmost_urdu, x=SIGNATURE.x - 8, y=FOOT + 8, width=RIGHT - DATE - 188, size=12, above=24, below=7
        ),
        "professor": replace(rightmost, style=SERIF, y=FOOT - 15, width=300, size=12, colour=INK, above=14, below=7),
        "professor_title": replace(rightmost, y=FOOT - 28, width=300, size=8.5),
        "date_urdu": replace(rightmost_urdu, x=DATE, y=FOOT + 8, width=170, size=12, above=24, below=7),
        "date": replace(english, style=SERIF, x=DATE - 170, y=FOOT - 15, width=110, size=11, colour=INK, align="left"),
        "date_label_urdu": replace(rightmost_urdu, x=DATE, y=FOOT - 18, width=80, size=9, above=14, below=9),
        "date_label": replace(rightmost, x=DATE, y=FOOT - 34, width=80, size=8),
    }
    places |= {
        "qr": QR,
        "scan_label_urdu": Place(QR.x + QR_SIDE / 2, PANEL.width - 8, 9, URDU, look.colour, y=QR.y + QR_SIDE + 23,
                                 smallest=5, above=18, below=9),
        "code": Place(QR.x + QR_SIDE / 2, PANEL.width - 8, 10, SANS, INK, y=PANEL.y + 14, smallest=8, tracking=20),
        "how_to_check_urdu": replace(rightmost_urdu, y=58, size=9, smallest=4.5, colour=GREY, above=16, below=10),
        "how_to_check": replace(rightmost, y=44, size=7.5),
        "hash": replace(rightmost, y=35, size=6),
    }  # fmt: skip
    order = (
        *("specimen", "emblem", "initial", *head, *body, "signature", "professor_urdu", "professor", "professor_title"),
        *("date_label_urdu", "date_label", "date_urdu", "date"),
        *("qr", "scan_label_urdu", "code", "how_to_check_urdu", "how_to_check", "hash"),
    )
    head_flow = Flow(HEIGHT - 44, HEIGHT - 114, head, tail=1.0)
    return Layout(places, head_flow, Flow(HEIGHT - 114, 146, body, tail=0.3), order, urdu_labels=True)


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
    canvas.line(RIGHT - 240, FOOT, RIGHT, FOOT)
    canvas.line(DATE - 170, FOOT, DATE, FOOT)
    if "logo" not in look.given:
        draw_emblem(canvas, EMBLEM, look)


DESIGN = Design(layout, ground)
