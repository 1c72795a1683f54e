"""Which question decides most."""

import pytest

from services.policies import questions
from services.policies.questions import Question, Waiting, best_together, rank


def waiting(*sets: tuple[str, int]) -> Waiting:
    return [(frozenset(names.split()), count) for names, count in sets]


def test_the_fact_that_decides_most_items_alone_comes_first() -> None:
    found = rank(waiting(("employees", 3), ("region", 5), ("region employees", 4)))

    assert found == [Question("region", 5, 9), Question("employees", 3, 7)]


def test_where_none_decides_alone_the_share_counts() -> None:
    found = rank(waiting(("region revenue_wan", 2), ("employees revenue_wan region", 3)))

    assert [one.fact for one in found] == ["region", "revenue_wan", "employees"]


def test_equal_facts_stand_in_the_order_of_the_vocabulary() -> None:
    found = rank(waiting(("founded_on", 1), ("region", 1), ("industry", 1)))

    assert [one.fact for one in found] == ["region", "industry", "founded_on"]


@pytest.mark.parametrize(
    ("sets", "together", "decided"),
    [
        ([("region", 5), ("employees", 2), ("region employees", 4)], ("region", "employees"), 11),
        ([("region", 5)], ("region",), 5),
        ([("region employees revenue_wan", 4)], (), 0),
        ([("region employees", 4)], ("region", "employees"), 4),
        ([], (), 0),
    ],
)
def test_two_questions_decide_this_many(
    sets: list[tuple[str, int]], together: tuple[str, ...], decided: int
) -> None:
    given = waiting(*sets)

    assert best_together([one.fact for one in rank(given)], given, 2) == (together, decided)


def test_a_level_is_assessed_and_not_asked() -> None:
    plan = questions.Plan(rank(waiting(("digital_level", 9), ("employees", 1))))

    assert plan.questions[0].fact == "digital_level"
    found = plan.next()
    assert found
    assert found.fact == "employees"
    assert plan.next(["employees"]) is None
