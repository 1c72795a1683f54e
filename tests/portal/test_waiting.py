"""What waits for an enterprise beside its requests: vouchers, needs, answers to them, and events."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from enterprises.models import Enterprise
from portal import waiting
from services.cloud.models import VoucherState
from services.industry.models import Answer, Booking, BookingState, NeedState
from tests.factories.accounts import sign_in
from tests.factories.catalogue import ProviderFactory
from tests.factories.enterprises import Cast, cast
from tests.factories.industry import OccasionFactory, on_board
from tests.factories.requests import officer
from tests.factories.vouchers import checked, staff
from tests.factories.vouchers import in_state as voucher_in

pytestmark = pytest.mark.django_db


def read(user: Any, enterprise: Enterprise) -> dict[str, Any]:
    return Enterprise.objects.values(**waiting.columns(user, enterprise)).get(pk=enterprise.pk)


def told(people: Cast) -> list[tuple[str, str]]:
    with translation.override("en"):
        found = waiting.beside_requests(read(people.li, people.enterprise))
        return [(one["subject"], one["action"]) for one in found]


def booking(people: Cast, *, days: int, **fields: object) -> Booking:
    """Book one place at an event `days` from now."""
    begins = timezone.now() + timedelta(days=days)
    occasion = OccasionFactory(
        starts_at=begins, ends_at=begins + timedelta(hours=2), closes_at=begins - timedelta(hours=1)
    )
    return Booking.objects.create(
        occasion=occasion,
        enterprise=people.enterprise,
        booked_by=people.li,
        attendee_name="Wang",
        state=BookingState.BOOKED,
        **fields,
    )


def test_nothing_waits_at_first() -> None:
    people = cast()

    assert (told(people), waiting.coming(read(people.li, people.enterprise))) == ([], [])


def test_an_issued_voucher_waits_to_be_used_by_its_last_day() -> None:
    people = cast()
    with checked(people.enterprise):
        row = voucher_in(VoucherState.ISSUED, staff(), by=(people.enterprise, people.li))

    (one,) = waiting.beside_requests(read(people.li, people.enterprise))

    assert (one["reference"], one["until"]) == (row.reference, f"{row.valid_to}")
    assert one["action_url"] == reverse("cloud:voucher", args=[row.reference])


def test_an_answer_to_a_need_waits_until_it_is_answered() -> None:
    people, chen = cast(), officer()
    need = on_board(people.enterprise, people.li, chen)
    answer = Answer.objects.create(
        need=need, provider=ProviderFactory(), words="We cast it.", passed_on_by=chen
    )

    assert told(people) == [(need.title, "Answer what was offered")]

    answer.state = Answer.State.WELCOMED
    answer.save(update_fields=["state"])
    assert told(people) == []


def test_a_returned_need_waits_to_be_changed() -> None:
    people, chen = cast(), officer()
    need = on_board(people.enterprise, people.li, chen)
    need.state = NeedState.RETURNED
    need.save(update_fields=["state"])

    assert told(people) == [(need.title, "Change it and send it again")]


def test_an_event_is_ahead_then_asks_for_a_word_then_is_done() -> None:
    people = cast()
    ahead = booking(people, days=2)
    over = booking(people, days=-2, asked_at=timezone.now())
    booking(people, days=-3)
    booking(people, days=-4, asked_at=timezone.now(), attended=False)

    assert waiting.coming(read(people.li, people.enterprise)) == [ahead]
    assert told(people) == [(over.occasion.title_en, "Say what it was worth")]

    Booking.objects.filter(pk=over.pk).update(rating=5, rated_at=timezone.now())
    assert told(people) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_what_waits_and_what_is_ahead_is_read_in_one_query(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people, chen = cast(), officer()
    for _row in range(rows):
        need = on_board(people.enterprise, people.li, chen)
        Answer.objects.create(need=need, provider=ProviderFactory(), words="We cast it.", passed_on_by=chen)
        booking(people, days=2)
        booking(people, days=-2, asked_at=timezone.now())

    with django_assert_num_queries(1):
        found = read(people.li, people.enterprise)
        ahead = [(one.occasion.title, one.get_state_display()) for one in waiting.coming(found)]
        waits = waiting.beside_requests(found)

    assert (len(ahead), len(waits)) == (rows, 2 * rows)


def test_another_enterprise_has_nothing_of_it() -> None:
    people = cast()
    booking(people, days=2)
    booking(people, days=-2, asked_at=timezone.now())

    assert waiting.beside_requests(read(people.zhao, people.other)) == []
    assert waiting.beside_requests(read(people.zhao, people.enterprise)) == []
    assert waiting.coming(read(people.zhao, people.enterprise)) == []


@pytest.mark.parametrize(("person", "sees"), [("li", True), ("wang", True), ("guo", False)])
def test_only_who_can_do_it_is_told_that_it_waits(client: Client, person: str, sees: bool) -> None:
    people = cast()
    row = booking(people, days=-2, asked_at=timezone.now())

    shown = sign_in(client, getattr(people, person)).get(reverse("enterprises:home")).text

    assert (reverse("industry:feedback", args=[row.occasion.slug, row.key]) in shown) is sees
