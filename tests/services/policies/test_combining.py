"""The best combination, by trying it out by hand."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.policies.combining import EXACT, Combination, Option, Rules, best


def options(*amounts: int | None) -> list[Option]:
    return [Option(number, fen) for number, fen in enumerate(amounts, start=1)]


def apart(*pairs: tuple[int, int]) -> Rules:
    return Rules(frozenset(frozenset(pair) for pair in pairs))


@pytest.mark.parametrize(
    ("amounts", "rules", "chosen", "total"),
    [
        ([5, 7], apart(), {1, 2}, 12),
        ([5, 7], apart((1, 2)), {2}, 7),
        ([5, 7, 5], apart((1, 2), (2, 3)), {1, 3}, 10),
        ([5, 11, 5], apart((1, 2), (2, 3)), {2}, 11),
        ([5, None], apart((1, 2)), {1}, 5),
        ([None, None], apart(), {1, 2}, 0),
        ([5, 7], Rules(needs={1: frozenset({2})}), {1, 2}, 12),
        ([5, 7], Rules(frozenset({frozenset({1, 2})}), {1: frozenset({2})}), {2}, 7),
        ([5], Rules(needs={1: frozenset({9})}), set(), 0),
        ([], apart(), set(), 0),
    ],
)
def test_the_highest_total_without_exclusions_is_chosen(
    amounts: list[int | None], rules: Rules, chosen: set[int], total: int
) -> None:
    found = best(options(*amounts), rules)

    assert (set(found.chosen), found.total_fen, found.is_exact) == (chosen, total, True)


def test_the_nearest_last_day_stands_first_and_decides_between_equals() -> None:
    late, soon, open_ = Option(1, 5, date(2027, 2, 1)), Option(2, 5, date(2027, 1, 1)), Option(3, 1)

    assert best([late, soon, open_], apart((1, 2))) == Combination((2, 3), (1,), 6, True)


def test_too_many_that_exclude_each_other_are_taken_by_amount_and_it_is_said() -> None:
    many = options(*range(1, EXACT + 3))
    each_other = apart(*combinations([option.number for option in many], 2))

    found = best(many, each_other)

    assert (found.chosen, found.is_exact) == ((EXACT + 2,), False)


AMOUNTS = st.lists(st.integers(0, 9), max_size=7)
PAIRS = st.sets(st.tuples(st.integers(1, 7), st.integers(1, 7)).filter(lambda pair: pair[0] < pair[1]))


@given(AMOUNTS, PAIRS)
def test_nothing_allowed_gives_more(amounts: list[int], pairs: set[tuple[int, int]]) -> None:
    rows, rules = options(*amounts), apart(*pairs)

    found = best(rows, rules)

    totals = [
        sum(option.max_fen or 0 for option in some)
        for size in range(len(rows) + 1)
        for some in combinations(rows, size)
        if rules.allow([option.number for option in some])
    ]
    assert rules.allow(found.chosen)
    assert found.total_fen == max(totals)
    assert sorted((*found.chosen, *found.left_out)) == [option.number for option in rows]
