"""The frozen form of a sheet, on which the seal relies."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from issuer.sheet.template import SheetError, SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from tests.sheet.samples import ALL, LATIN, PLAIN, RICH
from verifier.core.seal import seal, unseal

TRAILER = re.compile(
    rb"trailer\n<</Size ([1-9]\d*)/Root ([1-9]\d*) 0 R/Info ([1-9]\d*) 0 R/ID\[<([0-9a-f]{32})><\4>\]"
    rb"/SanadSheet\(D:(\d{14})Z\)>>\nstartxref\n([1-9]\d*)\n%%EOF\n"
)
ENTRY_0 = b"0000000000 65535 f \n"


@pytest.mark.parametrize("design", DESIGN_NAMES)
@pytest.mark.parametrize("name", ALL)
def test_a_sheet_ends_in_the_fixed_form(name: str, design: str) -> None:
    sheet = SheetTemplate(replace(RICH, design=design)).draw(ALL[name])
    assert re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}\n1 0 obj\n", sheet)
    start = int(re.search(rb"startxref\n([1-9]\d*)\n%%EOF\n\Z", sheet)[1])
    size = int(re.match(rb"xref\n0 ([1-9]\d*)\n", sheet[start:])[1])
    table = b"xref\n0 %d\n" % size + ENTRY_0
    assert sheet[start:].startswith(table)
    entries = sheet[start + len(table) :][: 20 * (size - 1)]
    assert re.fullmatch(rb"(\d{10} 00000 n \n){%d}" % (size - 1), entries)
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n", entries), start=1):
        assert sheet[int(offset) :].startswith(b"%d 0 obj\n" % number)
    trailer = TRAILER.fullmatch(sheet[start + len(table) + len(entries) :])
    assert trailer
    assert int(trailer[1]) == size
    assert int(trailer[6]) == start
    assert trailer[4].decode() == hashlib.sha256(LATIN.identity.encode()).hexdigest()[:32]
    assert trailer[5] == b"20261123083015"
    root = re.search(rb"\n%b 0 obj\n(.*)\nendobj" % trailer[2], sheet)[1]
    assert b"/AF %d 0 R/Names %d 0 R/" % (size, size + 1) in root
    assert b"%d 0 obj" % size not in sheet
    assert sheet.count(b"%%EOF") == sheet.count(b"startxref") == 1


@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_a_specimen_names_no_object_that_is_missing(design: str) -> None:
    sheet = SheetTemplate(replace(RICH, design=design, specimen=True)).draw(LATIN)
    made = {int(number) for number in re.findall(rb"^(\d+) 0 obj$", sheet, re.MULTILINE)}
    assert {int(number) for number in re.findall(rb"\b(\d+) 0 R\b", sheet)} <= made
    assert b"/AF" not in sheet
    assert b"/Names" not in sheet


def test_the_seal_takes_a_sheet_and_gives_it_back() -> None:
    sheet = SheetTemplate(PLAIN).draw(LATIN)
    assert unseal(sheet + seal(sheet, b'{"sanad":1}')) == (sheet, b'{"sanad":1}')


def test_the_moment_of_drafting_is_told_in_utc_and_must_have_a_zone() -> None:
    template = SheetTemplate(PLAIN)
    karachi = LATIN.drafted.astimezone(timezone(timedelta(hours=5)))
    assert template.draw(replace(LATIN, drafted=karachi)) == template.draw(LATIN)
    with pytest.raises(SheetError, match="drafted: the moment needs its time zone"):
        template.draw(replace(LATIN, drafted=LATIN.drafted.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"colour": "teal"}, "colour 'teal': write a colour as #RRGGBB"),
        ({"second_colour": "#12"}, "second_colour '#12': write a colour as #RRGGBB"),
        ({"design": "plain"}, "design 'plain': there are formal, modern, bilingual"),
        ({"language": "en)/X("}, "language 'en)/X(': write a tag such as en or ur-PK"),
        ({"logo": b"GIF89a"}, "logo: not a usable PNG picture (it does not begin as a PNG file does)"),
    ],
)
def test_wording_that_cannot_be_used_is_told_plainly(change: dict[str, object], text: str) -> None:
    with pytest.raises(SheetError, match=re.escape(text)):
        SheetTemplate(replace(PLAIN, **change))
