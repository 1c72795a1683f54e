"""The groups made in the database agree with the reasons given in Python."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import NumericRange

from core.criteria import Verdict
from enterprises.criteria import read_criteria
from services.policies import sorting, visitor
from services.policies.matching import Gate
from services.policies.models import ItemCriteria, PolicyItem
from services.policies.sorting import Group
from services.policies.visitor import BAND, Visitor
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)
ALL = 100_000


def reader(**answers: Any) -> Visitor:
    return visitor.of_answers({name.replace("__", "."): value for name, value in answers.items()})


READERS = [
    {},
    {"region": "370211"},
    {"region": "370200", "industry": "34", "employees": "28", "revenue_wan": "1900"},
    {"region": "370211", "industry": "27", BAND: "20-299"},
    {"region": "370211", "industry": "34", BAND: "300-999", "founded_on": "2024", "revenue_wan": "10"},
    {"qualification__zjtx": True, "qualification__high_tech": False, "founded_on": "2019-03"},
]


@pytest.fixture
def _several() -> None:
    for criteria in (
        [AT_MOST_300], [gate("employees", "at_least", 30)], [gate("employees", "at_least", 100)],
        [gate("size", "one_of", "small", "micro")], [gate("qualification", "has_any", "zjtx", "high_tech")],
        [gate("qualification", "has_any", "high_tech")], [gate("founded_on", "years_at_least", 3)],
        [IN_QINGDAO, gate("digital_level", "at_least", 2)], [{"op": "unstated"}, IN_QINGDAO],
    ):  # fmt: skip
        published(items=[{"criteria": criteria}])


@pytest.mark.usefixtures("_several")
@pytest.mark.parametrize("answers", READERS)
def test_every_item_stands_where_its_reasons_put_it(answers: dict[str, Any]) -> None:
    someone = reader(**answers) if answers else Visitor(({},))

    found = sorting.sort(someone, ON, limit=ALL)

    placed = {pk: group for group, ids in found.items.items() for pk in ids}
    for row in ItemCriteria.objects.filter(is_open=True).select_related("item"):
        if row.closes_on and row.closes_on < ON:
            assert row.pk not in placed
            continue
        verdict = someone.decide(read_criteria(row.item.criteria), ON).verdict
        expected = {
            Verdict.MET: {Group.MET},
            Verdict.UNKNOWN: {Group.OPEN, Group.MAY},
            Verdict.NOT_MET: {Group.NEAR, Group.NOT},
        }
        assert placed.get(row.pk, Group.NOT) in expected[verdict], row.item.criteria


@pytest.mark.usefixtures("_several")
@pytest.mark.parametrize("answers", READERS)
def test_the_counts_are_of_all_items(answers: dict[str, Any]) -> None:
    someone = reader(**answers)

    all_of_them, few = sorting.sort(someone, ON, limit=ALL), sorting.sort(someone, ON, limit=2)

    assert few.counts == all_of_them.counts
    assert {group: ids[:2] for group, ids in all_of_them.items.items()} == few.items
    for group, ids in all_of_them.items.items():
        assert len(ids) == few.counts[group]


def test_open_items_are_counted_by_what_they_wait_for() -> None:
    ItemCriteria.objects.update(is_open=False)
    published(items=[{"criteria": [IN_QINGDAO]}, {"criteria": [IN_QINGDAO]}, {"criteria": [AT_MOST_300]}])
    published(items=[{"criteria": [gate("qualification", "has_any", "zjtx"), IN_QINGDAO]}])
    published(items=[{"criteria": [gate("employees", "at_least", 10), gate("region", "within", "370100")]}])

    found = sorting.open_sets(reader(region="370211"), ON)

    assert [(one.unknown, one.all_of, one.count) for one in found] == [
        (Gate.QUALIFICATION_ALL, 8, 1),
        (Gate.EMPLOYEES, 0, 1),
    ]


def test_an_answer_settles_what_was_open_and_is_not_any_more() -> None:
    ItemCriteria.objects.update(is_open=False)
    fits, not_ = (
        published(items=[{"criteria": [criterion]}]).items.get().pk
        for criterion in (AT_MOST_300, gate("employees", "at_least", 500))
    )
    published(items=[{"criteria": [IN_QINGDAO]}])
    published(items=[{"criteria": [AT_MOST_300, gate("revenue_wan", "at_least", "1")]}])

    found = sorting.settled(reader(region="370211"), reader(region="370211", employees="20"), ON, limit=5)

    assert (found.met, found.not_met, found.count) == ([fits], [not_], 2)


def test_a_band_made_exact_settles_what_its_ends_disagreed_on() -> None:
    ItemCriteria.objects.update(is_open=False)
    pk = published(items=[{"criteria": [gate("employees", "at_most", 100)]}]).items.get().pk

    found = sorting.settled(reader(**{BAND: "20-299"}), reader(employees="101"), ON, limit=5)

    assert (found.met, found.not_met) == ([], [pk])


def test_a_bad_rule_hides_no_other_item() -> None:
    """A rule that cannot be met by anybody leaves every other item where it is."""
    ItemCriteria.objects.update(is_open=False)
    published(items=[{"criteria": [gate("employees", "at_least", 500)]}])
    ItemCriteria.objects.filter(is_open=True).update(employees=NumericRange(empty=True))
    fine = published(items=[{"criteria": [AT_MOST_300]}]).items.get().pk

    found = sorting.sort(reader(employees="20"), ON, limit=5)

    assert found.first(Group.MET) == [fine]
    assert PolicyItem.objects.filter(pk=fine).exists()
