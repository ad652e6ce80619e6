"""The pictures of a course, drawn once when a batch is built: the card of its links and the badge for wallets."""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from issuer.course.course import Course
from issuer.course.sheet_wording import sheet_wording
from issuer.pictures.badge import SIDE, draw_badge
from issuer.pictures.card import draw_card
from issuer.sheet.colours import parse_colour
from issuer.sheet.design import Look
from issuer.sheet.designs import initial
from issuer.sheet.errors import BadPictureError
from issuer.sheet.picture import read_picture
from issuer.sheet.texts import SheetWording
from verifier.core.limits import LIMITS
from verifier.plain_file import read_plain


@dataclass(frozen=True)
class CoursePictures:
    """Two PNGs that name nobody but institution and course."""

    card: bytes
    badge: bytes


def course_pictures(course: Course) -> CoursePictures:
    """Draw the pictures of a course.

    Raises:
        SheetError: a text or a picture of the course description cannot be drawn.
    """
    return _drawn(sheet_wording(course), None if course.badge is None else _bytes(course.badge))


@lru_cache(maxsize=4)
def _drawn(wording: SheetWording, own: bytes | None) -> CoursePictures:
    """Draw them once for the batches of a course that follow one another."""
    look = Look(parse_colour(wording.colour), parse_colour(wording.second_colour), frozenset())
    logo = None if wording.logo is None else _image("logo", wording.logo)
    letter = initial(wording.institution)
    badge = draw_badge(wording, look, logo, letter) if own is None else _own_badge(own)
    return CoursePictures(draw_card(wording, look, logo, letter), badge)


def _image(name: str, png: bytes) -> Image.Image:
    read_picture(name, png)  # says what is wrong with it
    return Image.open(io.BytesIO(png), formats=["PNG"])


def _bytes(path: Path) -> bytes:
    try:
        return read_plain(path)
    except OSError as error:
        raise BadPictureError("badge", str(error)) from error


def _own_badge(png: bytes) -> bytes:
    """The institution's own badge, at most as large as one of ours."""
    try:
        image = _image("badge", png).convert("RGBA")
    except (OSError, UnidentifiedImageError) as error:
        raise BadPictureError("badge", str(error)) from error
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    if len(file.getvalue()) > LIMITS.picture_bytes:
        file = io.BytesIO()
        image.quantize(256, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()
