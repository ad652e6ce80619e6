"""When a node is asked, and when it is left alone, by a clock that the test turns."""

import pytest

from verifier.chain.pacing import BudgetSpentError, Pace, ThrottledError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(per_minute: int | None = None) -> tuple[Clock, Pace]:
    clock = Clock()
    return clock, Pace(per_minute, clock, clock.sleep)


def test_a_minutes_requests_go_at_once_and_the_next_ones_evenly() -> None:
    clock, pace = paced(60)
    for _ in range(60):
        pace.take(0)
    assert clock.now == 1000
    pace.take(4)
    assert clock.now == 1001
    with pytest.raises(BudgetSpentError):
        pace.take(0.5)
    clock.now += 60
    pace.take(0)


def test_without_a_budget_all_go() -> None:
    clock, pace = paced()
    for _ in range(10_000):
        pace.take(0)
    assert clock.now == 1000


@pytest.mark.parametrize(("asked_for", "pauses"), [(0, [1, 2, 4, 8, 16, 32, 60, 60]), (5, [5, 5, 5, 8]), (1e6, [60])])
def test_each_time_in_a_row_the_node_is_left_alone_for_longer(asked_for: float, pauses: list[int]) -> None:
    clock, pace = paced()
    for pause in pauses:
        pace.throttled(asked_for)
        clock.now += pause - 0.01
        with pytest.raises(ThrottledError):
            pace.take(4)
        clock.now += 0.01
        pace.take(4)


def test_an_answer_makes_the_next_pause_the_first_again() -> None:
    clock, pace = paced()
    pace.throttled()
    clock.now += 1
    pace.throttled()
    clock.now += 2
    pace.answered()
    pace.throttled()
    clock.now += 1
    pace.take(0)


def test_several_threads_that_hear_it_at_once_count_once() -> None:
    clock, pace = paced()
    for _ in range(10):
        pace.throttled()
    clock.now += 1
    pace.take(0)
