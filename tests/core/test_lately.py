"""What may be some seconds old is read once in that time."""

from datetime import timedelta

import time_machine

from core import lately


def test_one_reading_serves_all_who_ask_within_the_time() -> None:
    given = iter([1, 2])

    with time_machine.travel("2026-11-30T08:00:00Z", tick=False) as clock:
        assert [lately.read("a", lambda: next(given), seconds=60) for _time in range(2)] == [1, 1]
        assert lately.read("b", lambda: 0, seconds=60) == 0
        clock.shift(timedelta(seconds=61))
        assert lately.read("a", lambda: next(given), seconds=60) == 2


def test_what_is_forgotten_is_read_anew() -> None:
    given = iter([1, 2])
    lately.read("a", lambda: next(given), seconds=60)

    lately.forget("a")

    assert lately.read("a", lambda: next(given), seconds=60) == 2
