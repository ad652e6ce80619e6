"""Which parts of a text are of which language, and what the tags say of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.sheet.passages import passages
from issuer.sheet.pdf_document import pdf_text
from issuer.sheet.template import SheetTemplate
from tests.sheet.samples import ALL, LONG, RICH, URDU

HOW = "تصدیق کے لیے verify.example پر کوڈ 7QK3-M9TA-2XHV لکھیں۔"


@pytest.mark.parametrize(
    ("text", "language", "linked", "wanted"),
    [
        ("Ayesha Khan", "en", "", [("Ayesha Khan", "en")]),
        ("Ayesha Khan", "ur-PK", "", [("Ayesha Khan", "en")]),
        ("محمد علی", "en", "", [("محمد علی", "ur")]),
        ("محمد علی", "ur-PK", "", [("محمد علی", "ur-PK")]),
        ("عَبْدُ ٱلرَّحْمٰن", "en", "", [("عَبْدُ ٱلرَّحْمٰن", "ar")]),
        ("2026", "ur", "", [("2026", "ur")]),
        ("14 نومبر 2026", "en", "", [("14 نومبر 2026", "ur")]),
        ("Zoë (زوئی) بنت علی 2", "en", "", [("Zoë ", "en"), ("(زوئی) بنت علی 2", "ur")]),
        ("Khan (خان) Ali", "en", "", [("Khan ", "en"), ("(خان) ", "ur"), ("Ali", "en")]),
        ("Zoëزوئی", "en", "", [("Zoë", "en"), ("زوئی", "ur")]),
        ("Father’s name: احمد خان", "en", "", [("Father’s name: ", "en"), ("احمد خان", "ur")]),
        ("کوڈ 7QK3-M9TA لکھیں", "en", "", [("کوڈ ", "ur"), ("7QK3-M9TA ", "en"), ("لکھیں", "ur")]),
        ("at a.example, or", "en", "a.example", [("at ", "en"), ("a.example", "en"), (", or", "en")]),
        ("a.example", "en", "a.example", [("a.example", "en")]),
        ("no address", "en", "a.example", [("no address", "en")]),
        (
            HOW,
            "en",
            "verify.example",
            [
                ("تصدیق کے لیے ", "ur"),
                ("verify.example", "en"),
                (" پر کوڈ ", "ur"),
                ("7QK3-M9TA-2XHV ", "en"),
                ("لکھیں۔", "ur"),
            ],
        ),
    ],
)
def test_passages(text: str, language: str, linked: str, wanted: list[tuple[str, str]]) -> None:
    found = passages(text, language, linked)
    assert [(each.text, each.language) for each in found] == wanted
    assert [each.text for each in found if each.linked] == ([linked] if linked and linked in text else [])


@given(st.text("aZé (خض)1ك", max_size=20), st.sampled_from(["en", "ur", "ar"]), st.sampled_from(["", "a", "خ"]))
def test_passages_are_the_text(text: str, language: str, linked: str) -> None:
    found = passages(text, language, linked)
    assert "".join(each.text for each in found) == text
    assert all(each.text and text.startswith(each.text, each.start) for each in found)


@pytest.mark.parametrize("design", ["formal", "modern", "bilingual"])
def test_each_passage_says_its_reading_and_its_language(design: str) -> None:
    sheet = SheetTemplate(replace(RICH, design=design)).draw(ALL["mixed"])
    for text, language in (("Zoë Čapková ", b""), ("(زوئی) بنت علی 2", b"/Lang(ur)")):
        assert b"/ActualText" + pdf_text(text) + language + b">>" in sheet
    assert b"/S/Span" in sheet


def test_a_passage_of_two_lines_is_read_once() -> None:
    name = f"{LONG.recipient} سید محمد حسن عسکری رضوی"
    sheet = SheetTemplate(RICH).draw(replace(ALL["bare"], recipient=name))
    assert sheet.count(b"/ActualText" + pdf_text(LONG.recipient + " ")) == 1
    assert sheet.count(b"/ActualText" + pdf_text("سید محمد حسن عسکری رضوی") + b"/Lang(ur)") == 1


def test_a_text_of_one_language_is_one_element() -> None:
    sheet = SheetTemplate(RICH).draw(replace(URDU, father=""))
    assert b"/S/Span" not in sheet
    assert b"/ActualText" + pdf_text(URDU.recipient) + b"/Lang(ur)" in sheet
