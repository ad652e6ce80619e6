"""What is remembered of strangers' hosts has an end, in bytes, in time and for each of them."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetching.website import Website, page, website
from verifier.core.errors import SanadError
from verifier.domains.did_web import remembered
from verifier.domains.fetching import Limits
from verifier.domains.memory import Remembered
from verifier.domains.status_fetching import FetchedLists
from verifier.errors import FetchError

TRIAL = Limits(seconds=5, allow_private=True)


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as made:
        yield made


class Clock:
    """Seconds that a test turns on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_remembered_is_forgotten_in_time() -> None:
    clock = Clock()
    known: Remembered[str] = Remembered(10_000, clock)
    known.put("a", "A", "host", 1, 5.0)
    clock.now = 4.9
    assert known.get("a") == "A"
    clock.now = 5.0
    assert known.get("a") is None


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.integers(0, 4_000), st.integers(1, 9))))
def test_it_never_holds_more_than_it_may(puts: list[tuple[int, int, int, int]]) -> None:
    clock = Clock()
    known: Remembered[int] = Remembered(10_000, clock, most_of_host=3)
    for key, host, size, seconds in puts:
        clock.now += 1
        if known.has_room(f"host {host}"):
            known.put((host, key), key, f"host {host}", size, seconds)
            assert known.get((host, key)) in (key, None)
        assert known.size <= 10_000


def test_one_host_neither_fills_it_nor_is_asked_for_ever(site: Website) -> None:
    clock = Clock()
    known: Remembered[bytes | SanadError] = Remembered(1_000_000, clock)
    known.put("another", b"", "other.example", 1, 1e9)
    for number in range(40):
        site.pages[f"/list?{number}"] = page(b"{}")
    answers = []
    for number in range(40):
        try:
            answers.append(remembered(known, f"{site.origin}/list?{number}", TRIAL, 300.0))
        except FetchError as error:
            answers.append(str(error).encode())
    assert answers[:16] == [b"{}"] * 16
    assert all(answer.startswith(b"Too many different documents of 127.0.0.1") for answer in answers[16:])
    assert len(site.asked) == 16
    assert known.get("another") == b""
    clock.now = 301.0
    assert remembered(known, f"{site.origin}/list?39", TRIAL, 300.0) == b"{}"


def test_what_a_stranger_varies_for_free_is_one_document(site: Website) -> None:
    site.pages["/"] = page(b"{}")
    lists = FetchedLists(TRIAL, Clock())
    address = site.origin.replace("127.0.0.1", "LOCALHOST")
    for url in (address, f"{address}/", f"{address.lower()}/#a", f"{address.replace('http', 'HTTP')}/#b"):
        assert lists.credential(url) == {}
    assert len(site.asked) == 1


def test_a_host_that_failed_is_not_asked_again_at_once(site: Website) -> None:
    clock = Clock()
    lists = FetchedLists(TRIAL, clock)
    for seconds, asked in ((0.0, 1), (29.0, 1), (31.0, 2)):
        clock.now = seconds
        with pytest.raises(FetchError, match="no such document"):
            lists.credential(f"{site.origin}/none")
        assert len(site.asked) == asked
