"""Limits that need files too large to keep: they are drawn anew each time, as the generator draws the others."""

from typing import Any

import pytest

from tests.vectors import pictures, searches
from verifier.core.errors import UnreadableError
from verifier.core.reading import read_file
from verifier.core.salvage import find_envelopes


def _named(cases: Any) -> list[Any]:
    return [pytest.param(file[2], answer, id=file[0]) for file, answer in cases]


@pytest.mark.parametrize(("data", "found"), _named(searches.large()))
def test_a_search_of_a_large_file(data: bytes, found: bool) -> None:
    assert (find_envelopes(data).one is not None) is found


@pytest.mark.parametrize(("data", "is_"), _named(pictures.large()))
def test_a_large_picture(data: bytes, is_: str) -> None:
    if is_ == "unreadable":
        with pytest.raises(UnreadableError):
            read_file(data)
    else:
        assert read_file(data).credential is not None
