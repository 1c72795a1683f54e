"""Agents act by a mandate: until a day, never as owners, ended by the owners at any time."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import calendar
from enterprises import actions
from enterprises.access import memberships_of
from enterprises.actions import Mandate, MembershipRefused
from enterprises.models import Enterprise, Invitation, Membership
from notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast

pytestmark = pytest.mark.django_db


def agent(people: Cast, *, days: int = 30) -> Membership:
    """Have an accountant accept the owner's invitation; `days` from today is the last day."""
    person = UserFactory(name="Agent")
    mandate = Mandate("Accountants", calendar.today() + timedelta(days=max(days, 0)))
    invitation = actions.invite(people.enterprise, person.email, "editor", by=people.li, mandate=mandate)
    membership = actions.accept_invitation(invitation, by=person)
    if days < 0:
        Membership.objects.filter(pk=membership.pk).update(
            mandate_ends_at=timezone.now() + timedelta(days=days)
        )
        membership.refresh_from_db()
    Notification.objects.all().delete()
    return membership


def told() -> list[tuple[str, bool]]:
    rows = Notification.objects.filter(kind="enterprises.mandate_ends").select_related("recipient")
    return sorted((str(row.recipient), row.context["is_over"]) for row in rows)


def test_an_agent_acts_until_the_last_day_is_over(people: Cast) -> None:
    row = agent(people)

    assert (row.is_agent, row.agency, row.mandate_last_day) == (
        True, "Accountants", calendar.today() + timedelta(days=30),
    )  # fmt: skip
    assert memberships_of(row.user) == [row]
    assert row.mandate_ends_at == calendar.start_of(calendar.today() + timedelta(days=31))

    Membership.objects.filter(pk=row.pk).update(mandate_ends_at=timezone.now())
    assert memberships_of(row.user) == []
    assert list(Enterprise.objects.for_member(row.user)) == []


def test_the_owner_ends_a_mandate_at_any_time(people: Cast) -> None:
    row = agent(people)

    actions.remove_member(row, by=people.li)

    assert list(Enterprise.objects.for_member(row.user)) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda row, people: actions.change_role(row, "owner", by=people.li),
        lambda row, people: actions.transfer_ownership(
            people.enterprise.memberships.get(user=people.li), to=row, by=people.li
        ),
        lambda row, people: actions.leave(
            people.enterprise.memberships.get(user=people.li), heir=row, by=people.li
        ),
        lambda row, people: actions.invite(
            people.enterprise, "x@y.example", "owner", by=people.li, mandate=Mandate("A", calendar.today())
        ),
    ],
)
def test_an_agent_never_owns(people: Cast, act: Any) -> None:
    row = agent(people)

    with pytest.raises(MembershipRefused, match="agent"), transaction.atomic():
        act(row, people)

    assert people.enterprise.memberships.owners().get().user == people.li


def test_the_database_keeps_a_mandate_whole(people: Cast) -> None:
    for broken in ({"agency": ""}, {"mandate_ends_at": None}, {"role": "owner"}):
        row = agent(people)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=row.pk).update(**broken)


def test_a_mandate_is_prolonged_by_at_most_a_year(people: Cast) -> None:
    row = agent(people)

    later = actions.change_mandate(row, calendar.today() + timedelta(days=90), by=people.li)

    assert later.mandate_last_day == calendar.today() + timedelta(days=90)
    for day in (calendar.today() - timedelta(days=1), calendar.today() + timedelta(days=400)):
        with pytest.raises(ValueError, match="between today"):
            actions.change_mandate(row, day, by=people.li)
    with pytest.raises(MembershipRefused, match="agent"):
        actions.change_mandate(
            people.enterprise.memberships.get(user=people.wang), calendar.today(), by=people.li
        )


def test_the_end_is_announced_once_and_told_once_however_often_the_tick_runs(people: Cast) -> None:
    row = agent(people, days=10)
    agent(people, days=60)

    assert [actions.end_mandates() for _run in range(2)] == [0, 0]
    assert told() == [("Agent", False), ("Li", False)]

    Membership.objects.filter(pk=row.pk).update(mandate_ends_at=timezone.now() - timedelta(days=3))
    assert [actions.end_mandates() for _run in range(2)] == [1, 0]
    row.refresh_from_db()
    assert row.ended_at == row.mandate_ends_at
    assert told() == [("Agent", False), ("Agent", True), ("Li", False), ("Li", True)]


def test_after_its_end_a_mandate_can_be_given_anew_before_the_tick_came(people: Cast) -> None:
    row = agent(people, days=-1)
    mandate = Mandate("Accountants", calendar.today() + timedelta(days=5))

    invitation = actions.invite(people.enterprise, row.user.email, "viewer", by=people.li, mandate=mandate)
    again = actions.accept_invitation(invitation, by=row.user)

    row.refresh_from_db()
    assert again != row
    assert row.ended_at == row.mandate_ends_at
    assert memberships_of(row.user) == [again]


def test_an_invitation_is_valid_by_the_clock_of_the_database(people: Cast) -> None:
    invitation = actions.invite(people.enterprise, people.zhao.email, "viewer", by=people.li)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert not Invitation.objects.valid().exists()
    assert list(Invitation.objects.waiting_for(people.zhao)) == []


def test_the_last_owner_leaves_by_naming_an_heir(people: Cast) -> None:
    members = people.enterprise.memberships
    own, heir = members.get(user=people.li), members.get(user=people.wang)

    actions.leave(own, heir=heir, by=people.li)

    rows = people.enterprise.memberships.current().select_related("user")
    assert {row.user.name: row.role for row in rows} == {"Wang": "owner", "Guo": "viewer"}
