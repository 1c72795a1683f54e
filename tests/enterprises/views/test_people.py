"""Mandates, requests to join and leaving, through their pages, by those who may and those who may not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import calendar
from enterprises import actions
from enterprises.models import Invitation, JoinRequest
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, MembershipFactory, credit_code

pytestmark = pytest.mark.django_db


def page(name: str, *args: object) -> str:
    with translation.override("en"):
        return reverse(f"enterprises:{name}", args=args)


def mandate(**changes: str) -> dict[str, str]:
    last_day = calendar.today() + timedelta(days=90)
    given = {
        "email": "books@firm.example",
        "agency": "Accountants",
        "role": "editor",
        "last_day": f"{last_day}",
    }
    return given | changes


def test_an_owner_gives_a_mandate_and_the_accountant_sees_until_when(client: Client, people: Cast) -> None:
    answer = sign_in(client, people.li).post(page("give_mandate"), mandate())
    invitation = Invitation.objects.get()
    books = UserFactory(email="books@firm.example")
    actions.accept_invitation(invitation, by=books)

    shown = sign_in(Client(), books).get(page("home")).text

    assert answer.url == page("members")
    assert (invitation.agency, invitation.role) == ("Accountants", "editor")
    assert f"by mandate for Accountants, until {calendar.today() + timedelta(days=90)}" in shown


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agency": ""}, "agency"),
        ({"role": "owner"}, "role"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "2999-01-01"}, "last_day"),
        ({"last_day": "soon"}, "last_day"),
        ({"email": "9" * 5000}, "email"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_in_words(
    client: Client, people: Cast, wrong: dict[str, str], field: str
) -> None:
    answer = sign_in(client, people.li).post(page("give_mandate"), mandate(**wrong))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("person", ["wang", "guo"])
def test_only_owners_give_change_and_answer(client: Client, people: Cast, person: str) -> None:
    row = actions.ask_to_join(people.enterprise.uscc, by=UserFactory())
    sign_in(client, getattr(people, person))

    for url in (page("give_mandate"), page("join_request", row.key)):
        assert client.get(url).status_code == 403
        assert client.post(url, mandate()).status_code == 403
    assert JoinRequest.objects.get().state == "open"


def test_the_last_day_is_moved(client: Client, people: Cast) -> None:
    row = MembershipFactory(
        enterprise=people.enterprise, role="editor", agency="A", mandate_ends_at=timezone.now() + timedelta(9)
    )
    sign_in(client, people.li)
    later = calendar.today() + timedelta(days=200)

    client.post(page("change_mandate", row.key), {"last_day": f"{later}"})

    row.refresh_from_db()
    assert row.mandate_last_day == later
    wang = people.enterprise.memberships.get(user=people.wang)
    assert client.get(page("change_mandate", wang.key)).status_code == 404


@pytest.mark.parametrize("code", ["taken", "free"])
def test_asking_to_join_says_the_same_whether_the_code_is_taken(
    client: Client, people: Cast, code: str
) -> None:
    uscc = people.enterprise.uscc if code == "taken" else credit_code(900)
    sign_in(client, UserFactory())

    answer = client.post(page("join"), {"uscc": f" {uscc.lower()} ", "note": "Packing"}, follow=True)

    assert answer.redirect_chain == [(page("home"), 302)]
    assert f"You asked to act for {uscc}." in answer.text
    assert people.enterprise.name not in answer.text


def test_a_wrong_code_is_refused_and_kept(client: Client, people: Cast) -> None:
    answer = sign_in(client, UserFactory()).post(page("join"), {"uscc": "91370202MA900000XX"})

    assert list(answer.context["form"].errors) == ["uscc"]
    assert "91370202MA900000XX" in answer.text
    assert not JoinRequest.objects.exists()


def test_an_owner_lets_in_or_declines(client: Client, people: Cast) -> None:
    first, second = (actions.ask_to_join(people.enterprise.uscc, by=UserFactory()) for _number in range(2))
    sign_in(client, people.li)

    nothing = client.post(page("join_request", first.key), {})
    client.post(page("join_request", first.key), {"role": "viewer"})
    client.post(page("join_request", second.key), {"decline": "1"})

    assert list(nothing.context["form"].errors) == ["role"]
    assert list(JoinRequest.objects.order_by("pk").values_list("state", flat=True)) == ["accepted", "refused"]
    assert client.get(page("join_request", first.key)).status_code == 404


def test_ones_own_request_is_withdrawn_and_nobody_elses(client: Client, people: Cast) -> None:
    asker = UserFactory()
    row = actions.ask_to_join(people.enterprise.uscc, by=asker)

    assert sign_in(Client(), people.zhao).post(page("withdraw_join", row.key)).status_code == 404
    sign_in(client, asker).post(page("withdraw_join", row.key))

    assert JoinRequest.objects.get().state == "withdrawn"


def test_the_last_owner_leaves_to_an_heir_on_one_page(client: Client, people: Cast) -> None:
    wang = people.enterprise.memberships.get(user=people.wang)
    sign_in(client, people.li)

    nobody = client.post(page("leave"), {})
    strange = client.post(page("leave"), {"heir": "x"})
    client.post(page("leave"), {"heir": str(wang.key)})

    assert list(nobody.context["form"].errors) == list(strange.context["form"].errors) == ["heir"]
    wang.refresh_from_db()
    assert wang.role == "owner"
    assert not people.enterprise.memberships.current().filter(user=people.li).exists()


def test_an_agent_is_no_heir(client: Client) -> None:
    owner = MembershipFactory()
    MembershipFactory(
        enterprise=owner.enterprise, role="editor", agency="A", mandate_ends_at=timezone.now() + timedelta(9)
    )

    shown = sign_in(client, owner.user).get(page("leave"))

    assert "form" not in shown.context
    assert shown.context["is_alone"] is True


def test_the_pages_of_people_are_counted_in_queries(
    client: Client, people: Cast, django_assert_num_queries
) -> None:
    for _number in range(3):
        actions.ask_to_join(people.enterprise.uscc, by=UserFactory())
    sign_in(client, people.li).get(page("members"))

    with django_assert_num_queries(7):
        client.get(page("members"))
