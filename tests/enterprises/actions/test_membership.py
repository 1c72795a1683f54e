"""Members come and go; somebody always owns the enterprise; an invitation works once, in time, for one."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from core.lifecycle import TransitionRefused
from enterprises import actions, invitations
from enterprises.actions import MembershipRefused
from enterprises.invitations import InvitationRefused
from enterprises.models import Enterprise, Invitation, Membership
from notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast, MembershipFactory


def member(people: Cast, user: Any) -> Membership:
    return people.enterprise.memberships.get(user=user)


def roles(enterprise: Enterprise) -> dict[str, str]:
    rows = enterprise.memberships.current().select_related("user")
    return {row.user.name: row.role for row in rows}


def test_a_removed_member_is_out_and_told(people: Cast) -> None:
    actions.remove_member(member(people, people.wang), by=people.li)

    assert roles(people.enterprise) == {"Li": "owner", "Guo": "viewer"}
    assert list(Enterprise.objects.for_member(people.wang)) == []
    letter = Notification.objects.get()
    assert (letter.kind, letter.recipient) == ("enterprises.member_removed", people.wang)


def test_the_last_owner_can_neither_leave_nor_be_removed_nor_step_down(people: Cast) -> None:
    own = member(people, people.li)
    for act in (
        lambda: actions.leave(own, by=people.li),
        lambda: actions.remove_member(own, by=people.li),
        lambda: actions.change_role(own, "editor", by=people.li),
    ):
        with pytest.raises(MembershipRefused, match="last_owner"):
            act()

    assert roles(people.enterprise)["Li"] == "owner"


def test_an_owner_leaves_after_handing_over(people: Cast) -> None:
    actions.transfer_ownership(member(people, people.li), to=member(people, people.wang), by=people.li)
    assert roles(people.enterprise) == {"Li": "editor", "Wang": "owner", "Guo": "viewer"}

    actions.leave(member(people, people.li), by=people.li)
    assert roles(people.enterprise) == {"Wang": "owner", "Guo": "viewer"}


def test_an_enterprise_is_not_handed_to_a_stranger(people: Cast) -> None:
    zhao = people.other.memberships.get()

    with pytest.raises(MembershipRefused, match="other_enterprise"):
        actions.transfer_ownership(member(people, people.li), to=zhao, by=people.li)


def test_one_person_leaves_only_for_themself(people: Cast) -> None:
    with pytest.raises(MembershipRefused, match="not_a_member"):
        actions.leave(member(people, people.wang), by=people.li)


@pytest.mark.django_db(transaction=True)
def test_two_owners_leaving_at_once_leave_one_behind() -> None:
    first = MembershipFactory()
    second = MembershipFactory(enterprise=first.enterprise)
    together, refused = threading.Barrier(2), []

    def act(membership: Membership) -> None:
        try:
            together.wait()
            actions.leave(membership, by=membership.user)
        except MembershipRefused as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(row,)) for row in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["last_owner"]
    assert first.enterprise.memberships.current().count() == 1


def test_the_database_holds_one_current_membership_a_person(people: Cast) -> None:
    with pytest.raises(IntegrityError, match="membership_once_at_a_time"), transaction.atomic():
        MembershipFactory(enterprise=people.enterprise, user=people.li, role="viewer")


def invited(people: Cast, email: str = "new@works.example") -> tuple[Invitation, str]:
    invitation = actions.invite(people.enterprise, email, "editor", by=people.li)
    letter = Notification.objects.get(subject_code=str(invitation.key))
    return invitation, letter.context["accept_link"].rstrip("/").rsplit("/", 1)[1]


def test_an_invitation_is_mailed_and_only_its_hash_is_kept(people: Cast) -> None:
    invitation, token = invited(people, " Ｎew@Works.Example ")

    assert invitation.email == "new@works.example"
    assert invitations.find(token) == invitation
    assert token not in str(Invitation.objects.values().get())
    letter = Notification.objects.get()
    assert (letter.kind, letter.address, letter.recipient, letter.in_inbox) == (
        "enterprises.invited",
        "new@works.example",
        None,
        False,
    )


def test_the_invited_person_accepts_once(people: Cast) -> None:
    invitation, _token = invited(people)
    new = UserFactory(name="New", email="new@works.example")

    membership = actions.accept_invitation(invitation, by=new)

    assert (membership.enterprise, membership.role) == (people.enterprise, "editor")
    with pytest.raises(InvitationRefused, match="closed"):
        actions.accept_invitation(invitation, by=new)


def test_nobody_else_accepts(people: Cast) -> None:
    invitation, _token = invited(people)

    with pytest.raises(InvitationRefused, match="other_address"):
        actions.accept_invitation(invitation, by=people.zhao)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_an_invitation_ends_at_its_hour(people: Cast, seconds: int) -> None:
    invitation, _token = invited(people)
    invitation.expires_at = timezone.now() + timedelta(minutes=seconds)
    invitation.save()

    assert invitation.is_open is (seconds == 1)


def test_a_revoked_invitation_is_worth_nothing_and_a_second_one_replaces_the_first(people: Cast) -> None:
    first, _token = invited(people)
    second, _token = invited(people)

    assert list(Invitation.objects.open()) == [second]
    assert (
        actions.revoke_invitation(second, by=people.li),
        actions.revoke_invitation(first, by=people.li),
    ) == (True, False)
    with pytest.raises(InvitationRefused, match="closed"):
        actions.accept_invitation(first, by=UserFactory(email="new@works.example"))


def test_a_member_is_not_invited_again(people: Cast) -> None:
    with pytest.raises(MembershipRefused, match="already_member"):
        actions.invite(people.enterprise, "WANG@works.example", "viewer", by=people.li)


def test_staff_set_the_proof_level_with_a_reason_and_the_owner_is_told(people: Cast) -> None:
    chen = UserFactory(email="chen@portal.example", is_staff=True, roles=["triage_lead"])

    actions.set_proof_level(people.enterprise, "staff", reason="执照已核对", by=chen)

    assert Enterprise.objects.get(pk=people.enterprise.pk).proof_level == "staff"
    letter = Notification.objects.get()
    assert (letter.kind, letter.recipient, letter.context["reason"]) == (
        "enterprises.proof_changed",
        people.li,
        "执照已核对",
    )
    for reason, by in (("", chen), ("ok", people.li)):
        with pytest.raises(TransitionRefused):
            actions.set_proof_level(people.enterprise, "email", reason=reason, by=by)
