"""The QR code, as decoders see it in two renderers' pictures."""

import re
from dataclasses import replace
from unittest.mock import patch

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from pyzbar import pyzbar
from reportlab.lib.units import mm

from issuer.sheet import qr
from issuer.sheet.design import HEIGHT, Box
from issuer.sheet.errors import LinkTooLongError
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from tests.sheet.rendering import DPI, RENDERERS
from tests.sheet.samples import LATIN, LINK, LONG, RICH

LINKS = [LINK, "http://127.0.0.1:8000/c/" + "x" * 43, "https://" + "d" * 110 + "/c/" + "-" * 43]


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize(("design", "link"), [*zip(DESIGN_NAMES, LINKS, strict=True), ("formal", LINK)])
def test_two_decoders_read_the_link_from_two_renderers(renderer: str, design: str, link: str) -> None:
    picture = RENDERERS[renderer](SheetTemplate(replace(RICH, design=design)).draw(replace(LONG, link=link)))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [link]
    assert [found.data.decode() for found in pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])] == [link]


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_the_quiet_zone_is_white_and_the_code_large_enough(renderer: str, design: str) -> None:
    template = SheetTemplate(replace(RICH, design=design))
    box = template.layout.places["qr"]
    assert isinstance(box, Box)
    assert box.width == box.height >= 25 * mm
    picture = RENDERERS[renderer](template.draw(LATIN))
    scale, count = DPI / 72, len(qr.modules(LINK))
    quiet = qr.QUIET_MODULES * box.width / count
    left, right = box.x - quiet, box.x + box.width + quiet
    top, bottom = HEIGHT - box.y - box.height - quiet, HEIGHT - box.y + quiet
    zone = picture.convert("L").crop(tuple(round(side * scale) for side in (left, top, right, bottom)))
    dark = zone.point(lambda value: 255 * (value < 128)).getbbox()
    border = round(quiet * scale)
    assert dark == pytest.approx((border, border, zone.width - border, zone.height - border), abs=1)


def test_the_path_draws_exactly_the_modules() -> None:
    rows = qr.modules(LINK)
    drawn = [["0"] * len(rows) for _ in rows]
    for x, y, width in re.findall(r"(\d+) (\d+) (\d+) 1 re", qr.path(rows, 0, 0, 70)):
        for column in range(int(x), int(x) + int(width)):
            drawn[len(rows) - 1 - int(y)][column] = "1"
    assert tuple(map("".join, drawn)) == rows


PRINTED = [chr(code) for code in range(33, 127)]
TABLES: dict[int, qr.QrTable] = {}


@given(st.sampled_from([1, 20, 44, 69, 80, 130]), st.data())
@settings(max_examples=25, deadline=None)
def test_the_table_makes_the_codes_that_qrcode_makes(length: int, data: st.DataObject) -> None:
    table = TABLES.setdefault(length, qr.QrTable(length))
    with patch.object(qr, "BEFORE_TABLE", 0):
        for link in data.draw(st.lists(st.text(PRINTED, min_size=length, max_size=length), min_size=2, max_size=4)):
            assert table.rows(link.encode()) == qr.drawn_by_qrcode(link.encode(), table.version)


def test_a_table_is_asked_once_it_pays() -> None:
    table = qr.QrTable(len(LINK))
    rows = {table.rows(LINK.encode()) for _ in range(qr.BEFORE_TABLE + 2)}
    assert rows == {qr.modules(LINK)}
    links = [LINK[:-43] + code for code in ("A" * 43, "-_" * 21 + "z", "7" * 43)]
    assert [table.rows(link.encode()) for link in links] == [
        qr.drawn_by_qrcode(link.encode(), table.version) for link in links
    ]


def test_a_link_too_long_for_print_is_refused() -> None:
    link = "https://" + "a" * 300
    with pytest.raises(LinkTooLongError, match=f"308 bytes, at most {qr.LONGEST_LINK} can be printed"):
        SheetTemplate(RICH).draw(replace(LATIN, link=link))
    assert len(qr.modules("a" * qr.LONGEST_LINK)) == 17 + 4 * qr.LARGEST_VERSION
