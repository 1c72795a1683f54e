"""Asking to join: owners decide, nobody learns which codes are taken, and it lapses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.lifecycle import TransitionRefused
from enterprises import actions
from enterprises.models import JoinRequest
from notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast, credit_code

pytestmark = pytest.mark.django_db


def letters() -> list[tuple[str, str]]:
    return [(row.kind, str(row.recipient)) for row in Notification.objects.order_by("pk")]


def test_the_owners_are_told_and_let_somebody_in(people: Cast) -> None:
    new = UserFactory(name="New")

    row = actions.ask_to_join(people.enterprise.uscc, note="Packing", by=new)
    actions.accept_join(row, "viewer", by=people.li)

    assert people.enterprise.memberships.get(user=new).role == "viewer"
    assert sorted(letters()) == [
        ("enterprises.join_asked", "Li"),
        ("enterprises.member_added", "Li"),
        ("enterprises.member_added", "New"),
    ]


def test_a_declined_person_is_told_without_the_name_of_the_enterprise(people: Cast) -> None:
    new = UserFactory(name="New")
    row = actions.ask_to_join(people.enterprise.uscc, by=new)

    actions.refuse_join(row, by=people.li)

    letter = Notification.objects.get(recipient=new)
    assert (letter.kind, letter.context, letter.enterprise_id) == (
        "enterprises.join_settled",
        {"code": people.enterprise.uscc},
        None,
    )
    assert not people.enterprise.memberships.filter(user=new).exists()


def test_a_code_nobody_has_registered_looks_the_same_and_is_told_to_nobody(people: Cast) -> None:
    new = UserFactory(name="New")

    taken = actions.ask_to_join(people.enterprise.uscc, by=new)
    free = actions.ask_to_join(credit_code(77), by=new)

    assert (taken.state, taken.enterprise) == ("open", people.enterprise)
    assert (free.state, free.enterprise) == ("open", None)
    assert [kind for kind, _reader in letters()] == ["enterprises.join_asked"]


def test_who_is_in_already_asks_nobody(people: Cast) -> None:
    assert actions.ask_to_join(people.enterprise.uscc, by=people.guo).enterprise is None


def test_asking_twice_keeps_the_first(people: Cast) -> None:
    new = UserFactory()

    first = actions.ask_to_join(people.enterprise.uscc, note="one", by=new)

    assert actions.ask_to_join(people.enterprise.uscc, note="two", by=new) == first
    assert Notification.objects.count() == 1


def test_after_thirty_days_it_lapses_and_can_be_asked_anew(people: Cast) -> None:
    new = UserFactory()
    row = actions.ask_to_join(people.enterprise.uscc, by=new)
    JoinRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(TransitionRefused):
        actions.accept_join(row, "viewer", by=people.li)

    assert actions.ask_to_join(people.enterprise.uscc, by=new) != row


@pytest.mark.parametrize("verb", ["accept_join", "refuse_join", "withdraw_join"])
@pytest.mark.parametrize("state", ["accepted", "refused", "withdrawn"])
def test_what_is_settled_stays_so(people: Cast, verb: str, state: str) -> None:
    row = actions.ask_to_join(people.enterprise.uscc, by=UserFactory())
    JoinRequest.objects.update(state=state)
    more = ["viewer"] if verb == "accept_join" else []

    with pytest.raises(TransitionRefused):
        getattr(actions, verb)(row, *more, by=people.li)

    assert people.enterprise.memberships.count() == 3
