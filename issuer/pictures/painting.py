"""Paints shapes, texts and pictures as pixels. Places are as on the sheet: y goes upwards, lengths are pixels."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from issuer.pictures.lettering import Lettering
from issuer.sheet.colours import Colour
from issuer.sheet.design import Box
from issuer.sheet.fonts import face
from issuer.sheet.ornament import Point, Shape
from issuer.sheet.typesetting import ALIGNMENTS, SetText

FINER = 3
"""How much finer everything is drawn before it is scaled to its size, so that edges are smooth."""


class Painting:
    """A picture that grows; transparent at first."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGBA", (width * FINER, height * FINER))
        self._draw = ImageDraw.Draw(self._image)

    def shape(self, corners: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._point(*corner) for corner in corners], fill=_rgb(colour))

    def shapes(self, shapes: Sequence[Shape]) -> None:
        """Fill polygons, one over the other."""
        for shape in shapes:
            self.shape(shape.corners, shape.fill)

    def outline(self, corners: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw a polygon's outline."""
        points = [self._point(*corner) for corner in (*corners, corners[0])]
        self._draw.line(points, _rgb(colour), max(1, round(width * FINER)), joint="curve")

    def picture(self, image: Image.Image, box: Box) -> None:
        """Put a picture into a box, keeping its proportions."""
        scale = min(box.width / image.width, box.height / image.height) * FINER
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        left, top = self._point(box.x + box.width / 2, box.y + box.height / 2)
        small = image.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
        self._image.alpha_composite(small, (round(left - size[0] / 2), round(top - size[1] / 2)))

    def text(self, text: SetText) -> None:
        """Draw a text at its place."""
        place = text.place
        for number, line in enumerate(text.lines):
            start = place.x - ALIGNMENTS[place.align] * line.width * text.size / 1000
            letterings: dict[str, Lettering] = {}
            letters = []
            for letter in line.letters:
                lettering = letterings.setdefault(letter.choice.name, Lettering(face(letter.choice.name)))
                letters.append((letter, lettering, lettering.character(letter.drawing)))
            for letter, lettering, character in letters:
                font = lettering.font(text.size * letter.choice.scale * FINER)
                at = self._point(start + letter.x * text.size / 1000, place.y - number * text.leading)
                self._draw.text(at, character, fill=_rgb(place.colour), font=font, anchor="ls")

    def png(self, colours: int) -> bytes:
        """Return the picture with a palette of so many colours, which makes it small."""
        image = self._image.reduce(FINER)
        file = io.BytesIO()
        if image.getchannel("A").getextrema() == (255, 255):
            image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        else:
            image.quantize(colours, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
        return file.getvalue()

    def _point(self, x: float, y: float) -> Point:
        return (x * FINER, (self.height - y) * FINER)


def _rgb(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (round(part * 255) for part in colour)
    return (red, green, blue)
