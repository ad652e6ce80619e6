"""The pictures of a course, drawn once when a batch is built: the card of its links and the badge for wallets."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from issuer.certificate.colours import parse_colour
from issuer.certificate.design import Look
from issuer.certificate.designs import initial
from issuer.certificate.picture import read_picture
from issuer.certificate.sheet_errors import BadPictureError
from issuer.certificate.wording import sheet_wording
from issuer.course import Course
from issuer.pictures.badge import SIDE, draw_badge
from issuer.pictures.card import draw_card
from verifier.core.limits import LIMITS


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
    wording = sheet_wording(course)
    look = Look(parse_colour(wording.colour), parse_colour(wording.second_colour), frozenset())
    logo = None if wording.logo is None else _image("logo", wording.logo)
    letter = initial(wording.institution)
    badge = draw_badge(wording, look, logo, letter) if course.badge is None else _own_badge(course.badge)
    return CoursePictures(draw_card(wording, look, logo, letter), badge)


def _image(name: str, png: bytes) -> Image.Image:
    read_picture(name, png)  # says what is wrong with it
    return Image.open(io.BytesIO(png), formats=["PNG"])


def _own_badge(path: Path) -> bytes:
    """The institution's own badge, at most as large as one of ours."""
    try:
        image = _image("badge", path.read_bytes()).convert("RGBA")
    except (OSError, UnidentifiedImageError) as error:
        raise BadPictureError("badge", str(error)) from error
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    if len(file.getvalue()) > LIMITS.picture_bytes:
        file = io.BytesIO()
        image.quantize(256, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()
