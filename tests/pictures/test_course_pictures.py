"""Card and badge of a course: size, colours, texts in any script, the institution's own pictures, and no names."""

import io
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from issuer.course.course import Course, load_course
from issuer.pictures.course_pictures import course_pictures
from issuer.pictures.painting import Painting
from issuer.sheet.colours import INK
from issuer.sheet.design import DISPLAY, HEIGHT
from issuer.sheet.errors import BadPictureError, SheetError
from issuer.sheet.template import SheetTemplate
from issuer.sheet.typesetting import Place, prepare
from tests.sheet.rendering import by_pdfium
from tests.sheet.samples import BARE, PLAIN
from verifier.core.limits import LIMITS


@pytest.fixture(scope="module")
def course() -> Course:
    with resources.as_file(resources.files("issuer") / "samples" / "course.toml") as path:
        return load_course(path)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGBA")


def apart(one: bytes, other: bytes) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(opened(one), opened(other)).convert("RGB").getbbox()


def test_sizes_are_what_networks_and_wallets_ask_for(course: Course) -> None:
    pictures = course_pictures(course)
    card, badge = opened(pictures.card), opened(pictures.badge)
    assert card.size == (1200, 630)
    assert badge.size == (600, 600)
    assert len(pictures.card) < 60_000
    assert len(pictures.badge) < 40_000
    assert card.getchannel("A").getextrema() == (255, 255)
    assert badge.getpixel((2, 2))[3] == 0  # type: ignore[index]
    assert course_pictures(course) == pictures


def test_course_institution_and_colours_are_seen(course: Course) -> None:
    before = course_pictures(course)
    for change in (
        replace(course, title="Another course"),
        replace(course, institution=replace(course.institution, name="Another University")),
        replace(course, appearance=replace(course.appearance, colour="#4a1030")),
    ):
        after = course_pictures(change)
        assert apart(before.card, after.card)
        assert apart(before.badge, after.badge)
    assert opened(before.card).getpixel((8, 8))[:3] == pytest.approx((0x0B, 0x5D, 0x3B), abs=40)  # type: ignore[index]


def test_letters_are_those_of_the_sheet() -> None:
    """Pillow's picture of an Urdu line beside pdfium's of the same line on a sheet: the same ink."""
    name = "محمد بلال احمد Zoë"
    page = by_pdfium(SheetTemplate(PLAIN).draw(replace(BARE, recipient=name)), 144).convert("L")
    text = dict(SheetTemplate(PLAIN).check(replace(BARE, recipient=name)))["recipient"]
    painting = Painting(1300, 200)
    painting.shape([(0, 0), (1300, 0), (1300, 200), (0, 200)], (1, 1, 1))
    place = Place(650, 1280, text.size * 2, DISPLAY, INK, y=80)
    painting.text(prepare("recipient", name, place, "en"))
    middle, y = text.place.x * 2, (HEIGHT - text.place.y) * 2
    room = (round(middle - 450), round(y - 80), round(middle + 450), round(y + 40))
    theirs = _ink(page.crop(room))
    ours = _ink(opened(painting.png(128)).convert("L"))
    assert abs(ours.width - theirs.width) <= 3
    assert abs(ours.height - theirs.height) <= 3
    theirs = theirs.resize(ours.size)
    difference = sum(value * count for value, count in enumerate(ImageChops.difference(ours, theirs).histogram()))
    total = sum(value * count for value, count in enumerate(ours.histogram()))
    assert difference / total < 0.25


def _ink(picture: Image.Image) -> Image.Image:
    dark = ImageChops.invert(picture.convert("L")).point(lambda value: value * (value > 60))  # without the guilloche
    return dark.crop(dark.point(lambda value: 255 * (value > 110)).getbbox())


def test_the_logo_is_on_both(course: Course, tmp_path: Path) -> None:
    Image.new("RGB", (300, 300), (255, 0, 255)).save(tmp_path / "logo.png")
    pictures = course_pictures(replace(course, institution=replace(course.institution, logo=tmp_path / "logo.png")))
    assert opened(pictures.card).getpixel((186, 300))[:3] == pytest.approx((255, 0, 255), abs=12)  # type: ignore[index]
    assert opened(pictures.badge).getpixel((300, 260))[:3] == pytest.approx((255, 0, 255), abs=12)  # type: ignore[index]


def test_an_institutions_own_badge_is_taken(course: Course, tmp_path: Path) -> None:
    Image.effect_noise((2000, 1000), 100).convert("RGBA").save(tmp_path / "badge.png")
    badge = course_pictures(replace(course, badge=tmp_path / "badge.png")).badge
    assert opened(badge).size == (600, 300)
    assert len(badge) <= LIMITS.picture_bytes


def test_what_cannot_be_drawn_is_told(course: Course, tmp_path: Path) -> None:
    (tmp_path / "badge.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(BadPictureError, match=r"^badge: not a usable PNG picture \("):
        course_pictures(replace(course, badge=tmp_path / "badge.png"))
    with pytest.raises(SheetError, match=r"^course '机器': no packaged font can draw"):
        course_pictures(replace(course, title="机器"))


def test_the_longest_title_that_a_course_may_have_is_drawn(course: Course) -> None:
    course_pictures(replace(course, title=("Foundations of Blockchain, Digital Trust and the Law " * 3)[:150].strip()))


def test_urdu_titles_are_drawn(course: Course) -> None:
    pictures = course_pictures(replace(course, title=course.title_urdu or ""))
    assert apart(pictures.badge, course_pictures(course).badge)
