"""What of a sheet can be clicked: where, and where it leads."""

import io
import re
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from pyhanko.pdf_utils.reader import PdfFileReader

from issuer.sheet.design import HEIGHT
from issuer.sheet.links import address, link_annotation
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from tests.sheet.rendering import by_pdfium
from tests.sheet.samples import ALL, CODE, LATIN, LINK, PLAIN, RICH, URDU

ADDRESS_AS_READ = ("verify.numl.example", "example.numl.verify")
"""By pdfium: within a line from the right it takes the words of the other script in visual order."""

Sides = tuple[float, float, float, float]


def links_of(sheet: bytes) -> list[tuple[Sides, str]]:
    page = PdfFileReader(io.BytesIO(sheet), strict=True).root["/Pages"]["/Kids"][0]
    found = []
    for number in range(len(page["/Annots"])):
        each = page["/Annots"][number]
        assert (each["/Subtype"], each["/F"], each["/A"]["/S"]) == ("/Link", 4, "/URI")
        assert each["/Contents"] == "Check this certificate at verify.numl.example"
        found.append((tuple(map(float, each["/Rect"])), str(each["/A"]["/URI"])))
    return found


def words_of(sheet: bytes, text: str) -> list[Sides]:
    """Where a text is drawn, each time."""
    page = pypdfium2.PdfDocument(sheet)[0].get_textpage()
    search, found = page.search(text), []
    while (hit := search.get_next()) is not None:
        boxes = [page.get_charbox(hit[0] + at) for at in range(hit[1])]
        left, low, right, high = zip(*boxes, strict=True)
        found.append((min(left), min(low), max(right), max(high)))
    return found


def qr_of(sheet: bytes) -> Sides:
    read = zxingcpp.read_barcode(by_pdfium(sheet, 144))
    assert read is not None
    position = read.position
    corners = [position.top_left, position.top_right, position.bottom_left, position.bottom_right]
    across, down = [corner.x / 2 for corner in corners], [HEIGHT - corner.y / 2 for corner in corners]
    return min(across), min(down), max(across), max(down)


def covers(area: Sides, ink: Sides) -> bool:
    """Whether all ink can be clicked, and little around it."""
    less = (ink[0] - area[0], ink[1] - area[1], area[2] - ink[2], area[3] - ink[3])
    return all(-1.5 < each < 6 for each in less)


@pytest.mark.parametrize("name", ["latin", "urdu", "mixed"])
@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_qr_code_and_address_lead_to_the_certificate(design: str, name: str) -> None:
    sheet = SheetTemplate(replace(RICH, design=design)).draw(ALL[name])
    links = links_of(sheet)
    assert {link for _, link in links} == {LINK}
    areas = [area for area, _ in links]
    addresses = [box for order in ADDRESS_AS_READ for box in words_of(sheet, order)]
    assert len(addresses) == (2 if design == "bilingual" else 1)
    assert len(areas) == 2 + len(addresses)
    for ink in (qr_of(sheet), *addresses):
        assert sum(covers(area, ink) for area in areas) == 1, ink
    assert sum(covers(area, ink) for area in areas for ink in words_of(sheet, CODE)) == 1


def test_a_specimen_is_clicked_like_a_sheet() -> None:
    sheet = SheetTemplate(replace(PLAIN, specimen=True)).draw(LATIN)
    assert len(links_of(sheet)) == 3


def test_an_address_that_the_sentence_does_not_name_is_no_link() -> None:
    sheet = SheetTemplate(replace(PLAIN, how_to_check="Code {code}, on our website")).draw(LATIN)
    assert len(links_of(sheet)) == 2


def test_a_link_is_spoken_in_the_documents_language() -> None:
    spoken = "اس سند کی تصدیق verify.numl.example پر کریں".encode("utf-16-be").hex().upper().encode()
    sheet = SheetTemplate(replace(RICH, design="bilingual", language="ur-PK")).draw(URDU)
    assert sheet.count(b"/Contents<FEFF" + spoken + b">") == 4
    assert b"/S/Figure" in sheet
    assert re.search(rb"/S/Figure[^\n]*/Lang\(en\)", sheet)


@pytest.mark.parametrize(
    ("link", "written"),
    [
        (LINK, LINK.encode()),
        ("https://verify.example/(a)\\b/c/x", b"https://verify.example/%28a%29%5Cb/c/x"),
        ("https://سند.example/c/x", b"https://%D8%B3%D9%86%D8%AF.example/c/x"),
    ],
)
def test_an_address_cannot_leave_its_string(link: str, written: bytes) -> None:
    assert address(link) == written
    assert b"/URI(" + written + b")>>>>" in link_annotation((0, 0, 1, 1), link, 3, 1, "en")
