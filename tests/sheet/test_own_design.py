"""The design that docs/own-design.md shows, drawn from that page."""

import re
from pathlib import Path
from typing import Any

import pytest

from issuer.sheet import designs
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import SheetWording
from tests.sheet import test_designs
from tests.sheet.samples import LATIN
from tests.verapdf import validate

PAGE = Path(__file__).parents[2] / "docs" / "own-design.md"


@pytest.fixture(autouse=True)
def _own_design(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    defined: dict[str, Any] = {}
    exec(compile(blocks[0], PAGE.name, "exec"), defined)
    monkeypatch.setitem(designs.DESIGNS, "plain", defined["DESIGN"])


@pytest.mark.parametrize("wording", test_designs.TEXTS, ids=["plain", "rich", "long"])
def test_it_keeps_what_every_design_keeps(wording: SheetWording) -> None:
    test_designs.test_no_text_touches_another_or_leaves_the_page("plain", wording, whole=True)
    test_designs.test_rooms_of_a_flow_have_height_for_all_rows_at_their_tallest("plain")


def test_it_conforms(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(SheetTemplate(SheetWording(**{**vars(test_designs.RICH), "design": "plain"})).draw(LATIN))
    assert validate([path]) == {path: []}
    assert validate([path], "PDFUA_1") == {path: []}


def test_every_name_that_a_sheet_has_is_in_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for design in ("formal", "modern", "bilingual"):
        layout = SheetTemplate(SheetWording(**{**vars(test_designs.RICH), "design": design})).layout
        for name in (*layout.places, *layout.head.rows, *layout.body.rows):
            assert f"`{name.removesuffix('_urdu')}`" in text, name
