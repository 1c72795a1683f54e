"""How candidates take turns, and when a goal counts as missed."""

import pytest

from bench import command
from bench.rounds import Candidate, Result, alternate


def test_candidates_take_turns_and_each_begins_a_round():
    turns = []
    first = Candidate("first", lambda number: turns.append("first"))
    second = Candidate("second", lambda number: turns.append("second"))

    alternate(2, first, second, warm=1)

    assert turns == ["first", "second", "second", "first", "first", "second"]
    assert (len(first.seconds), len(second.seconds)) == (2, 2)


def test_preparing_is_not_timed():
    made = []
    candidate = Candidate("slow to prepare", lambda number: made.pop(), prepare=made.append)

    alternate(3, candidate, warm=0)

    assert (len(candidate.seconds), made) == (3, [])


@pytest.mark.parametrize(
    ("measured", "at_most", "verdict", "missed"),
    [
        (2.5, 2.5, "reached", False),
        (2.6, 2.5, "not reached, within 1.3 x", False),
        (3.26, 2.5, "MISSED", True),
        (99.0, None, "for information", False),
    ],
)
def test_a_goal_is_missed_only_beyond_the_tolerance(measured, at_most, verdict, missed):
    result = Result("G6", "one enterprise, all items", measured, at_most)

    assert (result.verdict, result.is_missed) == (verdict, missed)


def test_what_is_not_reached_is_named_missed_ones_first():
    results = [
        Result("G6", "near", 2.6, 2.5),
        Result("G1", "reached", 3.9, 4),
        Result("G8", "told", 9, None),
        Result("G11", "far", 40, 6.67),
    ]

    told = command.summed_up(results)

    assert told == [
        "1 of 3 goals are reached.",
        "  G11 far: 40.00 of 6.67 x, MISSED",
        "  G6 near: 2.60 of 2.5 x",
    ]
