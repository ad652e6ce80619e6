"""Values that nobody expected, on pages in every language."""

import pytest

from tests.doubles import MAINNET
from tests.scenes import Scenes
from tests.web.reading import page_path, words_of
from verifier.web import create_app

ORIGIN = "https://verify.example.org"


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("grade", ["0000-00-00", "2026-13-45", "2026-02-30 12:00 UTC", "٢٠٢٦-٠١-٠١"])
def test_what_only_looks_like_a_date_is_shown_as_it_is(grade: str, language: str) -> None:
    scenes = Scenes(MAINNET)
    envelope = scenes.issue("odd", grade=grade)
    client = create_app(scenes.verifier, ORIGIN).test_client()
    answer = client.get(f"{page_path(envelope)}?lang={language}")
    assert answer.status_code == 200
    assert grade in words_of(answer)


@pytest.mark.parametrize(("language", "day"), [("en", "0999-01-02 03:04 UTC"), ("ur", "2 جنوری 999، 03:04 UTC")])
def test_a_year_before_1000_has_four_digits(language: str, day: str) -> None:
    scenes = Scenes(MAINNET)
    envelope = scenes.issue("old", valid_until="0999-01-02T03:04:59Z")
    client = create_app(scenes.verifier, ORIGIN).test_client()
    assert day in words_of(client.get(f"{page_path(envelope)}?lang={language}"))
