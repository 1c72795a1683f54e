"""Test enterprises: what they get, what they hold back, and who writes them down."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core.criteria import Verdict
from services.policies import actions, examples
from services.policies.models import ItemExample, PolicyItem, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, gate

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def example(item: PolicyItem, expected: str, **facts: Any) -> ItemExample:
    return actions.add_example(item, label="海风机械", facts=facts, expected=expected, by=None)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"region": "370211", "employees": 120}, Verdict.MET),
        ({"region": "370211", "employees": 301}, Verdict.NOT_MET),
        ({"region": "370102"}, Verdict.NOT_MET),
        ({"region": "370211"}, Verdict.UNKNOWN),
        ({"region": "370200", "employees": "nonsense"}, Verdict.UNKNOWN),
    ],
)
def test_a_test_enterprise_gets_the_verdict_of_its_facts(facts: dict[str, Any], verdict: Verdict) -> None:
    item = ItemFactory(criteria=[IN_QINGDAO, AT_MOST_300])
    example(item, "met", **facts)

    [outcome] = examples.outcomes(item, ON)

    assert (outcome.verdict, outcome.passes) == (verdict, verdict is Verdict.MET)


def test_a_recognition_that_is_not_named_is_not_held() -> None:
    item = ItemFactory(criteria=[gate("qualification", "has_any", "zjtx")])
    example(item, "not_met")
    example(item, "met", **{"qualification.zjtx": True})

    assert [one.passes for one in examples.outcomes(item, ON)] == [True, True]


def test_a_failing_test_holds_the_notice_back_until_it_is_right() -> None:
    sun, qin = UserFactory(roles=["publisher"]), UserFactory(roles=["reviewer"])
    item = ItemFactory(criteria=[IN_QINGDAO], notice__author=sun, notice__state=State.IN_REVIEW)
    wrong = example(item, "met", region="370102")

    with pytest.raises(ValidationError, match="海风机械"):
        actions.approve(item.notice, by=qin)
    actions.remove_example(wrong, by=sun)
    example(item, "not_met", region="370102")

    assert actions.approve(item.notice, by=qin).state == State.APPROVED


def test_conditions_without_a_test_are_remarked_upon() -> None:
    item = ItemFactory(criteria=[IN_QINGDAO])

    assert [found.code for found in examples.findings(item.notice, ON)] == ["no_examples"]


def test_there_are_not_more_than_thirty() -> None:
    item = ItemFactory()
    ItemExample.objects.bulk_create(ItemExample(item=item, label="一", expected="met") for _ in range(30))

    with pytest.raises(ValidationError):
        example(item, "met")


# --- at the desk ------------------------------------------------------------------------


def page_of(item: PolicyItem) -> str:
    return reverse("admin:policies_policynotice_examples", args=[item.notice_id])


def test_the_publisher_adds_one_in_plain_fields_and_sees_it_green(client: Client) -> None:
    item = ItemFactory(criteria=[IN_QINGDAO, AT_MOST_300])
    sign_in(client, UserFactory(roles=["publisher"]))
    fields = {
        "label": "海风机械", "expected": "met", "region": "370211", "industry": "34", "employees": "１２０",
        "revenue_wan": "3,000", "founded_on": "2019-03", "held": ["zjtx"], "digital_level": "2",
    }  # fmt: skip

    client.post(page_of(item), fields | {"item": item.pk, "form_token": "once"})
    client.post(page_of(item), fields | {"item": item.pk, "form_token": "once"})

    assert item.examples.get().facts == {
        "qualification.zjtx": True, "region": "370211", "industry": "34", "founded_on": "2019-03",
        "employees": 120, "revenue_wan": "3000", "digital_level": 2,
    }  # fmt: skip
    assert b"tag--ok" in client.get(page_of(item)).content


@pytest.mark.parametrize(
    "wrong",
    [{"employees": "many"}, {"founded_on": "2019-13"}, {"region": "000001"}, {"label": ""},
     {"digital_level": "9"}, {"employees": "1e99"}],
)  # fmt: skip
def test_what_cannot_be_read_is_told_and_kept(client: Client, wrong: dict[str, str]) -> None:
    item = ItemFactory()
    sign_in(client, UserFactory(roles=["publisher"]))

    page = client.post(page_of(item), {"label": "甲", "expected": "met", "item": item.pk} | wrong)

    assert (page.status_code, item.examples.count()) == (200, 0)
    assert b"errornote" in page.content


def test_one_of_another_notice_cannot_be_removed_here(client: Client) -> None:
    mine, other = ItemFactory(), ItemFactory()
    kept = example(other, "met")
    sign_in(client, UserFactory(roles=["publisher"]))

    assert client.post(page_of(mine), {"remove": kept.pk}).status_code == 404
    assert client.post(page_of(mine), {"remove": "x" * 400}).status_code == 404
    assert client.post(page_of(other), {"remove": kept.pk}).status_code == 302
    assert other.examples.count() == 0


def test_the_auditor_reads_and_does_not_write(client: Client) -> None:
    item = ItemFactory()
    sign_in(client, UserFactory(roles=["auditor"]))

    assert client.get(page_of(item)).status_code == 200
    assert client.post(page_of(item), {"label": "甲", "expected": "met", "item": item.pk}).status_code == 403
