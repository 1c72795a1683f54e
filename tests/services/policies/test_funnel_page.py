"""How far a notice came, at the desk: who sees it, and that no small number is told."""

import pytest
from django.test import Client
from django.urls import reverse

from services.policies import actions, funnel_words
from services.policies.funnel import Funnel
from services.policies.models import PolicyNotice
from services.policies.reach_words import figure
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import MembershipFactory
from tests.factories.policies import NoticeFactory, published


def page_of(notice: PolicyNotice) -> str:
    return reverse("admin:policies_policynotice_funnel", args=[notice.pk])


def found(**dismissed: int) -> Funnel:
    return Funnel(
        matched=120,
        told=100,
        opened=60,
        asked=3,
        read=240,
        saved=20,
        applied=7,
        obtained=0,
        dismissed=dismissed,
    )


def test_every_step_is_told_and_small_numbers_are_not() -> None:
    [table] = funnel_words.tables(found())

    assert [count for _, count in table.rows] == ["120", "100", "60", "240", "20", figure(3), "7", "0"]
    assert figure(3) not in {"3", "0"}


def test_why_it_stopped_puts_small_numbers_together() -> None:
    _, reasons = funnel_words.tables(found(region=12, work=6, amount=2, have=0))

    assert [count for _, count in reasons.rows] == ["12", "8"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [("publisher", 200), ("reviewer", 200), ("policymaker", 200), ("auditor", 200), ("triage_officer", 403)],
)
def test_who_sees_it(client: Client, role: str, status: int) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(page_of(published(items=[{}]))).status_code == status


@pytest.mark.django_db
def test_a_draft_came_nowhere_yet(client: Client) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))

    assert client.get(page_of(NoticeFactory())).status_code == 404


@pytest.mark.django_db
def test_whoever_writes_a_correction_reads_why_enterprises_said_no(client: Client) -> None:
    sun = UserFactory(roles=["publisher"], language="en")
    notice = published(items=[{}])
    for _ in range(6):
        owner = MembershipFactory()
        actions.mark(
            owner.enterprise,
            notice,
            notice.items.get(),
            standing="dismissed",
            reason="work",
            by=owner.user,
        )
    draft = actions.begin_correction(notice, by=sun)
    sign_in(client, sun)

    page = client.get(reverse("admin:policies_policynotice_change", args=[draft.pk])).content.decode()

    assert "It is too much work (6)" in page
