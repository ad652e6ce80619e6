"""The last day of a certificate that expires, in every design and both languages."""

import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from issuer.course.course import Course, Expiry, Labels, load_course
from issuer.course.sheet_wording import sheet_fields, sheet_wording
from issuer.credential.credential import draft_credential
from issuer.roster import Row
from issuer.roster.drawable import undrawable
from issuer.sheet import designs
from issuer.sheet.errors import TextTooLongError
from issuer.sheet.pdf_document import pdf_text
from issuer.sheet.template import SheetError, SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from tests.credential.conftest import IDENTITY, SAMPLES
from tests.sheet.samples import BARE, LATIN, RICH

ROW = Row(2, "Ayesha Khan", date=date(2026, 6, 30))


@pytest.fixture
def course() -> Course:
    return load_course(SAMPLES / "course.toml")


def words(sheet: bytes, folder: Path) -> str:
    (folder / "sheet.pdf").write_bytes(sheet)
    run = subprocess.run(["pdftotext", "-raw", folder / "sheet.pdf", "-"], capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_it_is_printed_where_there_is_one(design: str, tmp_path: Path) -> None:
    template = SheetTemplate(replace(RICH, design=design))
    sheet = template.draw(LATIN)
    assert "Valid until 14 November 2031" in words(sheet, tmp_path)
    urdu = b"/ActualText" + pdf_text("مؤثر تا 14 نومبر 2031") + b"/Lang(ur)"
    assert (urdu in sheet) is (design == "bilingual")
    assert "Valid until" not in words(template.draw(BARE), tmp_path)


@pytest.mark.parametrize(
    ("expiry", "printed", "printed_urdu"),
    [
        (Expiry(), "", ""),
        (Expiry(until=date(2031, 12, 31)), "31 December 2031", "31 دسمبر 2031"),
        (Expiry(years=5), "30 June 2031", "30 جون 2031"),
    ],
)
def test_it_is_the_credentials_last_day(course: Course, expiry: Expiry, printed: str, printed_urdu: str) -> None:
    course = replace(course, expiry=expiry)
    fields = sheet_fields(course, draft_credential(course, ROW, IDENTITY), bytes(32), IDENTITY.drafted)
    assert (fields.expires, fields.expires_urdu) == (printed, printed_urdu)


def test_its_words_are_the_courses(course: Course) -> None:
    wording = sheet_wording(replace(course, labels=replace(course.labels, expires="Expires on", expires_urdu="ختم")))
    assert (wording.labels.expires, wording.labels.expires_urdu) == ("Expires on", "ختم")
    assert (Labels().expires, Labels().expires_urdu) == ("Valid until", "مؤثر تا")


def test_words_that_have_no_room_are_found_before_anything_is_issued(course: Course) -> None:
    appearance, labels = replace(course.appearance, design="bilingual"), replace(course.labels, expires="W" * 40)
    long = replace(course, appearance=appearance, labels=labels)
    assert undrawable(long, [ROW]) == []
    with pytest.raises(TextTooLongError, match=r"^expires 'W+ 30 September 2030': too long"):
        undrawable(replace(long, expiry=Expiry(years=1)), [ROW])


def test_a_design_without_a_place_for_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    formal = designs.DESIGNS["formal"]

    def layout(look: object) -> object:
        whole = formal.layout(look)  # type: ignore[arg-type]
        return replace(whole, places={name: at for name, at in whole.places.items() if name != "expires"})

    monkeypatch.setitem(designs.DESIGNS, "formal", replace(formal, layout=layout))
    template = SheetTemplate(RICH)
    assert template.draw(BARE)
    sentence = "design 'formal': it has no place for the day on which certificates expire"
    with pytest.raises(SheetError, match=re.escape(sentence)):
        template.draw(LATIN)
