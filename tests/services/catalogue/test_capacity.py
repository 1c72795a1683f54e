"""Capacity and polite pauses: no request in the meantime, and whoever asked hears once when it is over."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from core import calendar
from notifications.models import Notification
from services.catalogue import actions, capacity
from services.catalogue.models import Offering
from services.requests.entitlement import Hindrance, hindrance
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import cast
from tests.factories.requests import draft, officer, submitted

pytestmark = pytest.mark.django_db


def paused(days: int = 3, **fields: Any) -> Offering:
    until = calendar.today() + timedelta(days=days)
    return actions.pause(OfferingFactory(**fields), until=until, note_zh="专家休假", by=UserFactory())


def told() -> list[str]:
    letters = Notification.objects.filter(kind="catalogue.resumed").order_by("pk")
    return [letter.recipient.name for letter in letters if letter.recipient]


def test_a_paused_offering_takes_no_request_and_says_until_when(client: Client) -> None:
    people, offering = cast(), paused(slug="diagnosis")
    sign_in(client, people.li)

    page = client.get("/en/services/diagnosis/").content.decode()
    start = client.get("/en/requests/new/?offering=diagnosis").content.decode()

    assert f"No new requests until {offering.paused_until}" in page
    assert "/requests/new/" not in page
    assert "takes no new requests at present" in start


def test_a_draft_begun_before_is_kept() -> None:
    people, offering = cast(), OfferingFactory()
    row = draft(people.li, people.enterprise, offering)
    actions.pause(offering, until=calendar.today(), note_zh="休假", by=UserFactory())
    offering.refresh_from_db()

    assert hindrance(offering, people.enterprise) is Hindrance.PAUSED
    assert ServiceRequest.objects.get(pk=row.pk).state == State.DRAFT


def test_the_last_day_of_a_pause_is_its_last() -> None:
    offering = paused(days=1)

    with time_machine.travel(calendar.now() + timedelta(days=1), tick=False):
        assert offering.is_paused
    with time_machine.travel(calendar.now() + timedelta(days=2), tick=False):
        assert (offering.is_paused, offering in Offering.objects.can_be_requested()) == (False, True)


def test_whoever_asked_is_told_once_when_the_pause_ends_by_itself() -> None:
    offering = paused(days=1)
    li = UserFactory(name="Li")
    actions.watch(offering, by=li)
    actions.watch(offering, by=li)

    assert actions.tell_resumed() == 0
    with time_machine.travel(calendar.now() + timedelta(days=2), tick=False):
        assert (actions.tell_resumed(), actions.tell_resumed()) == (1, 0)
    assert told() == ["Li"]


def test_whoever_asked_is_told_when_staff_end_the_pause() -> None:
    offering = paused()
    actions.watch(offering, by=UserFactory(name="Li"))

    actions.resume(offering, by=UserFactory())
    actions.tell_resumed()

    assert told() == ["Li"]


def test_nobody_is_told_of_what_was_retired_in_the_meantime() -> None:
    offering = paused()
    actions.watch(offering, by=UserFactory())
    actions.retire(offering, by=UserFactory())

    actions.resume(offering, by=UserFactory())

    assert actions.tell_resumed() == 0


@pytest.mark.parametrize("days", [-1, 366])
def test_a_pause_of_the_past_or_beyond_a_year_is_refused(days: int) -> None:
    with pytest.raises(ValidationError):
        paused(days=days)


def test_who_waits_signs_in_first(client: Client) -> None:
    paused(slug="diagnosis")

    assert client.post("/services/diagnosis/tell-me/").status_code == 302
    assert told() == []


def test_the_room_counts_what_is_being_worked_on() -> None:
    people, offering = cast(), OfferingFactory(capacity=1)
    assert capacity.room(OfferingFactory()) is None

    before = capacity.room(offering)
    submitted(people.li, people.enterprise, offering)
    after = capacity.room(offering)

    assert before
    assert after
    assert (before.is_full, after.taken, after.is_full) == (False, 1, True)


@pytest.mark.parametrize(("role", "status"), [("triage_officer", 403), ("triage_lead", 302)])
def test_the_lead_pauses_at_the_desk(client: Client, role: str, status: int) -> None:
    offering = OfferingFactory()
    sign_in(client, officer("Chen", role=role))
    given = {"until": calendar.today().isoformat(), "note_zh": "休假"}

    response = client.post(f"/admin/catalogue/offering/{offering.pk}/pause/", given)

    offering.refresh_from_db()
    assert (response.status_code, offering.is_paused) == (status, status == 302)


@pytest.mark.parametrize("until", ["", "2020-01-01", "31/31/2026", "９"])
def test_a_wrong_day_is_said_at_the_desk(client: Client, until: str) -> None:
    offering = OfferingFactory()
    sign_in(client, officer("Lead", role="triage_lead"))

    page = client.post(f"/admin/catalogue/offering/{offering.pk}/pause/", {"until": until, "note_zh": "休假"})

    assert list(page.context["form"].errors) == ["until"]
