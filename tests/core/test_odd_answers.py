"""Whatever a registry answers: no exception, and never `valid` but where everything that it takes is there."""

import pytest

from tests.core.odd_answers import tried
from verifier.core.verdict import Outcome


@pytest.mark.parametrize("seed", [1, 2])
def test_no_odd_answer_raises_or_makes_a_certificate_valid(seed: int) -> None:
    seen = tried(seed, 1_000)
    assert {Outcome.VALID, Outcome.UNAVAILABLE, Outcome.UNKNOWN, Outcome.REVOKED, Outcome.UNTRUSTED} <= seen.keys()
