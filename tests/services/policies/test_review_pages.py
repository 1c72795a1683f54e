"""The review and the dry run at the desk: what they show, and to whom."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services.policies import actions
from services.policies.models import PolicyNotice
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, NoticeFactory, published

pytestmark = pytest.mark.django_db


def page_of(notice: PolicyNotice, name: str) -> str:
    return reverse(f"admin:policies_policynotice_{name}", args=[notice.pk])


@pytest.fixture
def correction(db: None) -> PolicyNotice:
    notice = published(items=[{"criteria": [IN_QINGDAO], "max_fen": 50_000_000}])
    draft = actions.begin_correction(notice, by=UserFactory(roles=["publisher"]))
    draft.items.update(criteria=[IN_QINGDAO, AT_MOST_300], max_fen=30_000_000)
    return draft


def test_the_review_shows_what_differs_and_whom_the_panel_loses(
    client: Client, correction: PolicyNotice
) -> None:
    sign_in(client, UserFactory(roles=["reviewer"]))

    review = client.get(page_of(correction, "review")).context["review"]

    assert [(one.field, one.is_material) for one in review.changes] == [("max_fen", True), ("criteria", True)]
    [(_, difference)] = review.losses
    assert (len(difference.lost), len(difference.won)) == (16, 0)
    assert len(review.errors) == 1


def test_a_first_version_has_nothing_to_be_compared_with(client: Client) -> None:
    item = ItemFactory(criteria=[IN_QINGDAO])
    sign_in(client, UserFactory(roles=["reviewer"]))

    review = client.get(page_of(item.notice, "review")).context["review"]

    assert (review.published, review.changes, review.losses) == (None, [], [])


def test_the_dry_run_shows_reach_and_the_difference(client: Client, correction: PolicyNotice) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))

    [run] = client.get(page_of(correction, "reach")).context["runs"]

    assert len(run.sentences) == 4


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        ("publisher", "review", 200),
        ("reviewer", "review", 200),
        ("auditor", "review", 200),
        ("policymaker", "review", 404),
        ("publisher", "reach", 200),
        ("triage_officer", "reach", 404),
        ("finance_officer", "reach", 404),
    ],
)
def test_who_sees_the_pages_of_a_draft(client: Client, role: str, name: str, status: int) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(page_of(NoticeFactory(), name)).status_code in {
        status,
        403 if status == 404 else status,
    }


def test_the_policymaker_sees_the_reach_of_what_is_public(client: Client) -> None:
    sign_in(client, UserFactory(roles=["policymaker"]))

    assert client.get(page_of(published(items=[{}]), "reach")).status_code == 200


@pytest.mark.parametrize("name", ["review", "examples", "preview"])
def test_every_item_costs_the_same(client: Client, name: str) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))
    counts = []
    for number in (1, 3):
        notice: Any = NoticeFactory()
        for _ in range(number):
            item = ItemFactory(notice=notice, criteria=[IN_QINGDAO])
            actions.add_example(item, label="甲", facts={}, expected="unknown", by=None)
        client.get(page_of(notice, name))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(notice, name))
        # The dry run asks once an item, by its nature.
        counts.append(len([one for one in queries if "enterprisefacet" not in one["sql"]]))

    assert counts[0] == counts[1]


def test_the_public_page_says_what_was_corrected(client: Client, correction: PolicyNotice) -> None:
    qin = UserFactory(roles=["reviewer"])
    PolicyNotice.objects.filter(pk=correction.pk).update(state="approved", correction_note_zh="金额有误。")
    correction.refresh_from_db()

    notice = actions.publish(correction, by=qin)

    assert "金额有误。" in client.get(reverse("policies:detail", args=[notice.slug])).content.decode()


def test_the_published_notice_leads_to_its_correction_and_back(
    client: Client, correction: PolicyNotice
) -> None:
    sign_in(client, correction.author)
    notice: Any = correction.corrects
    change = "admin:policies_policynotice_change"

    assert (
        reverse(change, args=[correction.pk])
        in client.get(reverse(change, args=[notice.pk])).content.decode()
    )
    assert (
        reverse(change, args=[notice.pk])
        in client.get(reverse(change, args=[correction.pk])).content.decode()
    )
