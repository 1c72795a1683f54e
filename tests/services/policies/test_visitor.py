"""What is known of the person reading."""

from datetime import date

import pytest

from enterprises.criteria import read_criteria
from services.policies import visitor
from services.policies.models import PolicyItem
from services.policies.visitor import BAND, Visitor
from tests.factories.policies import gate

ON = date(2026, 11, 25)


def guest(**answers: str) -> Visitor:
    return visitor.of_answers({"industry": "27", "region": "370211", **answers})


@pytest.mark.parametrize(
    ("answers", "limit", "verdict"),
    [
        ({BAND: "20-299"}, 300, "met"),
        ({BAND: "20-299"}, 299, "met"),
        ({BAND: "20-299"}, 298, "unknown"),
        ({BAND: "20-299"}, 19, "not_met"),
        ({BAND: "1000-"}, 500, "not_met"),
        ({"employees": "120"}, 120, "met"),
        ({"employees": "121"}, 120, "not_met"),
        ({}, 120, "unknown"),
    ],
)
def test_a_band_counts_only_where_both_ends_agree(answers: dict[str, str], limit: int, verdict: str) -> None:
    criteria = read_criteria([gate("employees", "at_most", limit)])

    assert guest(**answers).decide(criteria, ON).verdict == verdict


def test_the_ends_of_a_band_are_not_shown_as_a_number() -> None:
    reasons = guest(**{BAND: "20-299"}).decide(read_criteria([gate("employees", "at_most", 300)]), ON).reasons

    assert reasons[0].fact is None


@pytest.mark.parametrize("answers", [{}, {"industry": "XX"}, {"employees": "many"}, {"region": ["370211"]}])
def test_answers_that_cannot_be_read_are_not_given(answers: dict[str, object]) -> None:
    assert not visitor.of_answers(answers).is_known


@pytest.mark.django_db
def test_one_pass_over_all_items_agrees_with_the_reasons() -> None:
    reader = guest(**{BAND: "20-299"})

    for fit in reader.fits(ON):
        item = PolicyItem.objects.get(pk=fit.item_id)
        assert (item.pk, reader.decide(read_criteria(item.criteria), ON).verdict) == (item.pk, fit.verdict)
