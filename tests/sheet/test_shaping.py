"""Names: order, fonts, shapes, size."""

from dataclasses import replace

import pytest
import uharfbuzz as hb
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from issuer.sheet.bidi_order import levels
from issuer.sheet.design import SERIF
from issuer.sheet.errors import MissingGlyphError
from issuer.sheet.fonts import face
from issuer.sheet.shaping import Run, reordered, runs, shape
from issuer.sheet.template import SheetTemplate
from tests.sheet.samples import BARE, PLAIN

NASTALIQ = SERIF.choices[1]


def visual(text: str) -> str:
    """The text as our levels order it (neither this nor get_display mirrors brackets; HarfBuzz does)."""
    order = reordered([Run(character, level, NASTALIQ) for character, level in zip(text, levels(text), strict=True)])
    return "".join(run.text for run in order)


@given(st.text(st.sampled_from("ab cd é علی خان، ۲٢3-.()[]"), max_size=24).map(str.strip))
def test_order_is_that_of_a_second_implementation_of_the_bidirectional_algorithm(text: str) -> None:
    assert visual(text) == get_display(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoë (زوئی) بنت", ["Zoë (", "زوئی", ") ", "بنت"]),
        ("علی (Ali) خان", [") خان", "Ali", "علی ("]),
    ],
)
def test_brackets_around_the_other_script_face_the_right_way(text: str, expected: list[str]) -> None:
    assert [run.text.strip() for run in runs("recipient", text, SERIF)] == [piece.strip() for piece in expected]


def test_urdu_is_nastaliq_arabic_beyond_it_naskh_and_brackets_match() -> None:
    def fonts(text: str) -> list[str]:
        return [run.choice.name.split("-")[0] for run in runs("recipient", text, SERIF)]

    assert fonts("محمد علی") == ["NotoNastaliqUrdu"]
    assert fonts("ڧاسم") == ["NotoNaskhArabic"]
    assert fonts("Ali (علی) Khan") == ["NotoSerif", "NotoNastaliqUrdu", "NotoSerif"]


@pytest.mark.parametrize("text", ["محمد بلال احمد", "فاطمہ زہرا", "عبدالرحمٰن", "Zoë Čapková", "office", "Đặng Thị"])
def test_glyphs_are_those_of_the_whole_line_shaped_at_once(text: str) -> None:
    line = shape("recipient", text, SERIF, "ur")
    choice = line.letters[0].choice
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = "ur"
    hb.shape(face(choice.name).shaper, buffer)
    assert [part[0] for letter in line.letters for part in letter.drawing[0]] == [
        info.codepoint for info in buffer.glyph_infos
    ]
    assert line.width == pytest.approx(sum(each.x_advance for each in buffer.glyph_positions) * choice.scale)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            {"recipient": "Ali 🎓"},
            "recipient 'Ali 🎓': no packaged font can draw '\\U0001f393' (U+1F393 GRADUATION CAP); "
            "write it in letters that the certificate can show",
        ),
        (
            {"father": "王"},
            "father '王': no packaged font can draw '\\u738b' (U+738B CJK UNIFIED IDEOGRAPH-738B)",
        ),
        ({"grade": "A\x07"}, "grade 'A\\x07': no packaged font can draw '\\x07' (U+0007 unnamed character)"),
        ({"recipient": "a\ud800"}, "no packaged font can draw '\\ud800'"),
    ],
)
def test_a_character_without_glyph_is_named(change: dict[str, str], text: str) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        SheetTemplate(PLAIN).check(replace(BARE, **change))
    assert text in str(caught.value)


def test_a_character_without_glyph_in_the_wording_is_named_when_the_batch_is_prepared() -> None:
    with pytest.raises(MissingGlyphError, match="course '机器学习': no packaged font can draw"):
        SheetTemplate(replace(PLAIN, course="机器学习"))
