"""Ornaments of the designs: stars of straight lines, as on tiles and doors from Multan to Fez.

A khatim is the eight-pointed star of two squares, a seal in the books of the region. Shapes are plain polygons, so
that the sheet (reportlab) and the preview picture (Pillow) draw the same ones.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from issuer.sheet.colours import WHITE, Colour
from issuer.sheet.design import Box, Look

Point = tuple[float, float]
KHATIM, SHARP = math.cos(math.pi / 4) / math.cos(math.pi / 8), math.tan(math.pi / 8)
"""Inner radius of the star of two squares, and of the one whose lines join every third point."""


def star(x: float, y: float, radius: float, points: int = 8, inner: float = KHATIM, turn: float = 0.0) -> list[Point]:
    """Return the corners of a star; `turn` is in whole steps from one point to the next."""
    corners = []
    for corner in range(2 * points):
        reach = radius * (inner if corner % 2 else 1.0)
        angle = math.pi * (corner / points + 2 * turn / points) + math.pi / 2
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return corners


@dataclass(frozen=True)
class Shape:
    """A filled polygon."""

    corners: Sequence[Point]
    fill: Colour


def emblem(x: float, y: float, radius: float, look: Look) -> list[Shape]:
    """Return the emblem of an institution that has given none; its initial goes in the middle."""
    return [
        Shape(star(x, y, radius, 16, 0.9), look.second),
        Shape(star(x, y, radius * 0.945, 16, 0.9), WHITE),
        Shape(star(x, y, radius * 0.915, 16, 0.9), look.colour),
        Shape(star(x, y, radius * 0.80, 8, KHATIM), look.second),
        Shape(star(x, y, radius * 0.75, 8, KHATIM), look.colour),
        Shape(star(x, y, radius * 0.75, 8, SHARP, 0.0), look.second),
        Shape(star(x, y, radius * 0.66, 8, SHARP, 0.0), look.colour),
        Shape(circle(x, y, radius * 0.455), look.second),
        Shape(circle(x, y, radius * 0.42), WHITE),
    ]


def circle(x: float, y: float, radius: float, corners: int = 72) -> list[Point]:
    """Return a polygon as round as a circle of this size looks."""
    return [
        (x + radius * math.cos(2 * math.pi * step / corners), y + radius * math.sin(2 * math.pi * step / corners))
        for step in range(corners)
    ]


def draw_emblem(canvas: Canvas, box: Box, look: Look) -> None:
    """Draw the emblem in a box."""
    for shape in emblem(box.x + box.width / 2, box.y + box.height / 2, min(box.width, box.height) / 2, look):
        fill(canvas, shape.corners, shape.fill)


def fill(canvas: Canvas, corners: Sequence[Point], colour: Colour) -> None:
    """Fill a polygon."""
    canvas.setFillColorRGB(*colour)
    canvas.drawPath(_path(canvas, corners, closed=True), stroke=0, fill=1)


def outline(canvas: Canvas, corners: Sequence[Point], colour: Colour, width: float) -> None:
    """Draw a polygon's outline."""
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(width)
    canvas.drawPath(_path(canvas, corners, closed=True), stroke=1, fill=0)


def _path(canvas: Canvas, corners: Sequence[Point], closed: bool) -> object:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    if closed:
        path.close()
    return path


def rosette(canvas: Canvas, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
    """Draw a guilloche, a wreath of circles through one another, as behind the writing of old deeds."""
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(width)
    for count, away, reach in ((36, 0.64, 0.36), (24, 0.36, 0.22)):
        for step in range(count):
            angle = 2 * math.pi * step / count
            canvas.circle(x + away * radius * math.cos(angle), y + away * radius * math.sin(angle), reach * radius)


def divider(canvas: Canvas, x: float, y: float, length: float, look: Look) -> None:
    """Draw a level line with a khatim in its middle."""
    canvas.setStrokeColorRGB(*look.second)
    canvas.setLineWidth(0.7)
    for side in (-1, 1):
        canvas.line(x + side * 11, y, x + side * length / 2, y)
        fill(canvas, star(x + side * 11, y, 2, 4, 0.5), look.second)
    fill(canvas, star(x, y, 5.4), look.second)
    fill(canvas, star(x, y, 2.4, 8, SHARP), WHITE)


def frame(canvas: Canvas, margin: float, colour: Colour, width: float, size: tuple[float, float]) -> None:
    """Draw a rectangle at a distance from the edges of the page."""
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(width)
    canvas.rect(margin, margin, size[0] - 2 * margin, size[1] - 2 * margin)


def lattice(canvas: Canvas, start: Point, end: Point, width: float, colour: Colour, stroke: float) -> None:
    """Draw two zigzags that cross, a chain of diamonds, along a level or upright line."""
    (x, y), (to_x, to_y) = start, end
    length = abs(to_x - x) + abs(to_y - y)
    count = 2 * round(length / width / 1.7)
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(stroke)
    for side in (width / 2, -width / 2):
        corners = []
        for index in range(count + 1):
            away = side if index % 2 else -side
            along = (x + (to_x - x) * index / count, y + (to_y - y) * index / count)
            corners.append((along[0], along[1] + away) if y == to_y else (along[0] + away, along[1]))
        canvas.drawPath(_path(canvas, corners, closed=False), stroke=1, fill=0)


def tiles(canvas: Canvas, box: Box, pitch: float, colour: Colour, width: float) -> None:
    """Cover a box with khatims that touch, and the crosses between them; what crosses its edge is cut off."""
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(box.x, box.y, box.width, box.height)
    canvas.clipPath(clip, stroke=0, fill=0)
    for column in range(int(box.width / pitch) + 2):
        for row in range(int(box.height / pitch) + 2):
            middle = (box.x + column * pitch, box.y + box.height - row * pitch)
            outline(canvas, star(*middle, pitch / 2), colour, width)
            outline(canvas, star(*middle, pitch / 2 * 0.52, 8, SHARP), colour, width * 0.8)
    canvas.restoreState()
