from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import User
from core import audit
from notifications.models import Notification
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.requests import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def lead() -> User:
    return UserFactory(name="Lead", roles=["triage_lead"], language="en")


def door(people: Cast, name: str = "li") -> str:
    membership = people.enterprise.memberships.get(user=getattr(people, name))
    return f"/admin/enterprises/membership/{membership.pk}/act-as/"


def looking(client: Client, people: Cast, lead: User) -> Client:
    sign_in(client, lead).post(door(people), {"reason": "电话里说看不到办件。"})
    return client


def verbs(person: User) -> list[tuple[str, int | None]]:
    return [(event.verb, event.actor_id) for event in audit.history(person) if event.verb.startswith("act_")]


def test_a_lead_sees_what_the_person_sees_and_the_person_is_told(
    client: Client, people: Cast, lead: User
) -> None:
    row = submitted(people.li, people.enterprise)

    looking(client, people, lead)
    page = client.get(f"/en/requests/{row.reference}/")

    assert page.status_code == 200
    assert page.wsgi_request.user == people.li
    assert "You see the portal as" in page.text
    told = Notification.objects.get(kind="accounts.looked_at")
    assert (told.recipient, told.context["reason"], told.in_inbox) == (
        people.li,
        "电话里说看不到办件。",
        True,
    )
    assert verbs(people.li) == [("act_look", lead.pk), ("act_begin", lead.pk)]
    begun = next(event for event in audit.history(people.li) if event.verb == "act_begin")
    assert audit.detail_of(begun)["reason"] == "电话里说看不到办件。"


@pytest.mark.parametrize(
    "path",
    [
        "/en/requests/{}/withdraw/",
        "/en/requests/{}/write/",
        "/en/notifications/read-all/",
        "/en/preferences/",
    ],
)
def test_nothing_can_be_changed(client: Client, people: Cast, lead: User, path: str) -> None:
    row = submitted(people.li, people.enterprise)
    looking(client, people, lead)

    answer = client.post(path.format(row.reference), {"text": "x"})

    row.refresh_from_db()
    assert (answer.status_code, row.state) == (403, "submitted")
    assert "You are only looking" in answer.text


@pytest.mark.parametrize("path", ["", "details/", "email/", "2fa/", "sessions/", "password/change/"])
def test_sign_in_and_security_stay_closed(client: Client, people: Cast, lead: User, path: str) -> None:
    looking(client, people, lead)

    assert client.get(f"/en/accounts/{path}").status_code == 403


def test_at_the_desk_one_is_oneself_with_the_banner(client: Client, people: Cast, lead: User) -> None:
    looking(client, people, lead)

    page = client.get("/admin/")

    assert page.wsgi_request.user == lead
    assert "You see the portal as" in page.text


def test_it_ends_by_hand_and_by_time(client: Client, people: Cast, lead: User, settings: Any) -> None:
    looking(client, people, lead)
    ended = client.post("/en/accounts/acting/end/")
    assert (ended.status_code, ended["location"]) == (302, door(people).replace("act-as", "change"))
    assert client.get("/en/enterprise/").wsgi_request.user == lead

    looking(client, people, lead)
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.ACT_AS_MINUTES + 1), tick=True):
        sign_of_life = client.session
        sign_of_life["seen_at"] = int(timezone.now().timestamp())
        sign_of_life.save()
        late = client.get("/en/requests/")

    assert (late.status_code, late["location"]) == (302, door(people).replace("act-as", "change"))
    assert [verb for verb, _who in verbs(people.li)].count("act_end") == 2


def test_it_ends_when_the_right_is_gone_or_the_person_is(client: Client, people: Cast, lead: User) -> None:
    looking(client, people, lead)
    lead.groups.clear()

    assert client.get("/en/").wsgi_request.user == lead
    assert "acting" not in client.session


def test_a_reason_is_asked_for(client: Client, people: Cast, lead: User) -> None:
    page = sign_in(client, lead).post(door(people), {"reason": " "})

    assert page.context["form"].errors["reason"]
    assert not Notification.objects.filter(kind="accounts.looked_at").exists()


@pytest.mark.parametrize("role", ["triage_officer", "auditor", "administrator", "county_reviewer"])
def test_other_roles_may_not(client: Client, people: Cast, role: str) -> None:
    assert sign_in(client, UserFactory(roles=[role])).get(door(people)).status_code == 403


def test_nobody_of_the_staff_is_looked_at(client: Client, people: Cast, lead: User) -> None:
    User.objects.filter(pk=people.wang.pk).update(is_staff=True)

    assert sign_in(client, lead).get(door(people, "wang")).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.begin_acting(UserFactory(roles=["auditor"]), "x", by=lead)


def test_signing_out_signs_the_member_of_staff_out(client: Client, people: Cast, lead: User) -> None:
    looking(client, people, lead)

    client.post("/en/accounts/logout/")

    assert "_auth_user_id" not in client.session
