import pytest
from django.http import QueryDict

from core import facets
from core.facets import Choice
from services.catalogue.facets import FACETS
from services.catalogue.models import Group, Offering
from tests.factories.catalogue import OfferingFactory


def offering(**fields: object) -> Offering:
    return OfferingFactory.build(provider=None, **fields)


def chosen(query: str) -> Choice:
    return Choice.read(QueryDict(query), FACETS)


def counts(rows: list[Offering], query: str, name: str) -> dict[str, int]:
    view = next(view for view in facets.views(rows, chosen(query)) if view.name == name)
    return {option.value: option.count for option in view.options}


CLOUD = offering(group=Group.CLOUD)
PAID = offering(group=Group.CLOUD, paid=True)
EVENT = offering(group=Group.POLICY, mode="event", audience=["finance", "owner"])
ROWS = [CLOUD, PAID, EVENT]


def test_values_of_one_facet_are_alternatives_and_facets_narrow_each_other() -> None:
    assert chosen("group=cloud&group=policy").narrow(ROWS) == ROWS
    assert chosen("group=cloud&price=paid").narrow(ROWS) == [PAID]
    assert chosen("audience=finance").narrow(ROWS) == [EVENT]


@pytest.mark.parametrize("query", ["group=nonsense", "group=%00", "price=", "page=2", "group[]=cloud"])
def test_unknown_values_choose_nothing(query: str) -> None:
    assert chosen(query).is_empty
    assert chosen(query).narrow(ROWS) == ROWS


def test_counts_say_what_a_value_gives_beside_the_other_choices() -> None:
    assert counts(ROWS, "price=free", "group") == {
        "policy": 1,
        "cloud": 1,
        "digital_factory": 0,
        "industrial": 0,
    }


def test_zero_counts_come_last() -> None:
    view = facets.views(ROWS, chosen(""))[0]

    assert [option.value for option in view.options] == ["policy", "cloud", "digital_factory", "industrial"]


def test_each_condition_can_be_removed_alone() -> None:
    found = facets.conditions(chosen("group=cloud&price=paid"), "/services/")

    assert [condition.url for condition in found] == ["/services/?price=paid", "/services/?group=cloud"]


def test_the_condition_to_drop_is_the_one_that_gives_most() -> None:
    rows = [*ROWS, offering(group=Group.POLICY)]

    best = facets.best_to_drop(rows, chosen("group=policy&price=paid"), "/services/")

    assert best is not None
    assert (best[0].url, best[1]) == ("/services/?group=policy", 2)


def test_nothing_is_dropped_when_nothing_helps() -> None:
    assert facets.best_to_drop([], chosen("group=policy"), "/services/") is None
