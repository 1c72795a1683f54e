"""Events: never more people than places, whoever waits moves up in order, and everybody is told once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.industry import actions, booking
from services.industry.actions import Attendee
from services.industry.models import Booking, Occasion
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import MembershipFactory, cast
from tests.factories.industry import OccasionFactory
from tests.factories.requests import officer
from tests.together import together

pytestmark = pytest.mark.django_db


def owner(number: int = 0) -> Any:
    return MembershipFactory(user=UserFactory(name=f"Owner {number}"))


def booked(occasion: Occasion, member: Any = None, name: str = "李华") -> Booking:
    acting = member or owner()
    return actions.book(occasion, Attendee(name), enterprise=acting.enterprise, by=acting.user)


def states(occasion: Occasion) -> list[str]:
    return list(occasion.bookings.order_by("pk").values_list("state", flat=True))


def told(kind: str) -> list[str]:
    letters = Notification.objects.filter(kind=f"industry.{kind}").order_by("pk")
    return [letter.context["attendee"] for letter in letters]


def over(occasion: Occasion) -> None:
    """Let the event have ended an hour ago."""
    ended = timezone.now() - timedelta(hours=1)
    started = ended - timedelta(hours=2)
    Occasion.objects.filter(pk=occasion.pk).update(starts_at=started, ends_at=ended, closes_at=started)
    occasion.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_get_exactly_the_places_there_are() -> None:
    occasion = OccasionFactory(seats=15)
    members = [owner(number) for number in range(40)]

    together(*(lambda member=member: booked(occasion, member) for member in members))

    occasion.refresh_from_db()
    assert (occasion.taken, occasion.bookings.booked().count(), occasion.bookings.in_line().count()) == (
        15, 15, 25,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_places_given_back_at_once_go_to_those_first_in_line() -> None:
    occasion = OccasionFactory(seats=5)
    first = [booked(occasion, owner(number), f"有座{number}") for number in range(5)]
    waiting = [booked(occasion, owner(number), f"候补{number}") for number in range(8)]

    together(*(lambda one=one: actions.cancel(one, by=None) for one in first))

    occasion.refresh_from_db()
    now_booked = set(occasion.bookings.booked().values_list("pk", flat=True))
    assert now_booked == {one.pk for one in waiting[:5]}
    assert occasion.taken == 5
    assert sorted(told("moved_up")) == sorted(one.attendee_name for one in waiting[:5])


def test_the_database_refuses_one_too_many() -> None:
    occasion = OccasionFactory(seats=2)

    with pytest.raises(IntegrityError, match="occasion_never_overbooked"), transaction.atomic():
        Occasion.objects.filter(pk=occasion.pk).update(taken=3)


def test_a_cancelled_place_of_the_waiting_list_moves_nobody() -> None:
    occasion = OccasionFactory(seats=1)
    booked(occasion)
    second, _third = booked(occasion), booked(occasion)

    actions.cancel(second, by=None)

    assert states(occasion) == ["booked", "cancelled", "waiting"]


def test_nothing_is_cancelled_twice_or_after_the_beginning() -> None:
    occasion = OccasionFactory()
    one, other = booked(occasion), booked(occasion)
    actions.cancel(one, by=None)

    with pytest.raises(TransitionRefused):
        actions.cancel(one, by=None)
    over(occasion)
    with pytest.raises(TransitionRefused):
        actions.cancel(other, by=None)


def test_one_enterprise_has_its_share_and_nobody_comes_twice() -> None:
    occasion, member = OccasionFactory(seats=9, per_enterprise=2), owner()
    booked(occasion, member, "李")
    with pytest.raises(ValidationError) as twice:
        booked(occasion, member, "李")
    booked(occasion, member, "王")

    with pytest.raises(ValidationError, match="2"):
        booked(occasion, member, "赵")
    assert list(twice.value.message_dict) == ["name"]


def test_more_places_let_the_line_move_up_and_fewer_than_taken_are_refused() -> None:
    occasion, lead = OccasionFactory(seats=1), officer("Lead", role="triage_lead")
    booked(occasion)
    booked(occasion)

    actions.change_seats(occasion, seats=2, by=lead)

    assert states(occasion) == ["booked", "booked"]
    with pytest.raises(ValidationError):
        actions.change_seats(occasion, seats=1, by=lead)


def test_what_is_called_off_takes_no_bookings_and_tells_everybody_once() -> None:
    occasion = OccasionFactory(seats=1)
    booked(occasion, name="甲")
    booked(occasion, name="乙")

    actions.call_off(occasion, reason="讲师生病", by=officer())

    with pytest.raises(ValidationError):
        booked(occasion)
    with pytest.raises(ValidationError):
        actions.call_off(occasion, reason="讲师生病", by=officer("Zhou"))
    assert told("called_off") == ["甲", "乙"]


def test_reminders_go_once_to_those_with_a_place_and_only_the_day_before() -> None:
    soon = OccasionFactory(seats=1, starts_at=timezone.now() + timedelta(hours=20))
    later = OccasionFactory()
    booked(soon, name="甲")
    booked(soon, name="候补")
    booked(later, name="丙")

    assert (actions.tend_occasions(), actions.tend_occasions()) == (1, 0)
    assert told("reminder") == ["甲"]


def test_those_who_came_are_asked_once_and_answer_once() -> None:
    occasion, lead = OccasionFactory(), officer("Lead", role="triage_lead")
    came, absent = booked(occasion, name="甲"), booked(occasion, name="乙")
    over(occasion)
    actions.keep_attendance(occasion, present=[str(came.key)], by=lead)

    assert (actions.tend_occasions(), actions.tend_occasions()) == (1, 0)
    actions.rate(came, 5, "很好", by=None)

    assert told("feedback") == ["甲"]
    for row in (came, absent):
        with pytest.raises(TransitionRefused):
            actions.rate(row, 4, by=None)


def test_attendance_waits_for_the_beginning_and_can_be_corrected() -> None:
    occasion, lead = OccasionFactory(), officer("Lead", role="triage_lead")
    one = booked(occasion)
    with pytest.raises(ValidationError):
        actions.keep_attendance(occasion, present=[], by=lead)
    over(occasion)

    actions.keep_attendance(occasion, present=[], by=lead)
    actions.keep_attendance(occasion, present=[str(one.key)], by=lead)

    assert occasion.bookings.get().attended is True


def test_a_mean_is_shown_from_five_answers_on() -> None:
    occasion = OccasionFactory(seats=5)
    rows = [booked(occasion, name=f"{number}") for number in range(5)]
    over(occasion)
    for row in rows[:4]:
        actions.rate(row, 4, by=None)
    before = booking.satisfaction(occasion)

    actions.rate(rows[4], 5, by=None)

    assert (before, booking.satisfaction(occasion)) == (None, (4.2, 5))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    OccasionFactory.create_batch(count)
    OccasionFactory(over=True)
    OccasionFactory(draft=True)

    # The clock, the events, the names of the cities.
    with django_assert_num_queries(3):
        response = client.get("/en/industry/events/")

    assert len(response.context["rows"]) == count


def test_the_list_is_narrowed_by_kind_city_and_places(client: Client) -> None:
    OccasionFactory(title_en="Here")
    OccasionFactory(title_en="Online", region_id=None, kind="briefing")
    full = OccasionFactory(title_en="Full", seats=1, region_id="370102")
    booked(full)

    def titles(query: str) -> list[str]:
        return [row.title_en for row in client.get(f"/en/industry/events/?{query}").context["rows"]]

    assert titles("city=370200") == ["Here"]
    assert titles("city=online&kind=briefing") == ["Online"]
    assert titles("places=waiting") == ["Full"]


def test_an_owner_books_cancels_and_another_enterprise_cannot(client: Client) -> None:
    people, occasion = cast(), OccasionFactory(slug="plc")
    sign_in(client, people.li)

    client.post("/industry/events/plc/book/", {"name": "李华", "phone": "138 0000 0000", "form_token": "t"})
    client.post("/industry/events/plc/book/", {"name": "李华", "phone": "138 0000 0000", "form_token": "t"})
    row = occasion.bookings.get()
    path = f"/industry/events/plc/bookings/{row.key}/cancel/"

    listed = client.get("/industry/events/").context["mine"]
    assert listed == [row]
    assert sign_in(Client(), people.zhao).get("/industry/events/").context["mine"] == []
    assert (row.enterprise, row.attendee_phone, row.state) == (people.enterprise, "13800000000", "booked")
    assert sign_in(Client(), people.zhao).post(path).status_code == 404
    assert sign_in(Client(), people.guo).post(path).status_code == 403
    client.post(path)
    assert states(occasion) == ["cancelled"]


@pytest.mark.parametrize(
    ("given", "field"), [({"name": ""}, "name"), ({"name": "李", "phone": "１２"}, "phone")]
)
def test_a_mistake_keeps_what_was_typed(client: Client, given: dict[str, str], field: str) -> None:
    people = cast()
    OccasionFactory(slug="plc")
    sign_in(client, people.li)

    page = client.post("/en/industry/events/plc/book/", given)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])


def test_booking_closes_politely(client: Client) -> None:
    people = cast()
    OccasionFactory(slug="plc", closes_at=timezone.now() - timedelta(hours=1))
    sign_in(client, people.li)

    assert "Booking is closed" in client.get("/en/industry/events/plc/").content.decode()
    page = client.post("/en/industry/events/plc/book/", {"name": "李"})
    assert page.context["form"].non_field_errors()


def test_the_address_to_join_is_for_those_with_a_place(client: Client) -> None:
    people, occasion = cast(), OccasionFactory(slug="online", join_url="https://meet.example/1")
    path = "/industry/events/online/"
    sign_in(client, people.li)

    before = client.get(path).content.decode()
    actions.book(occasion, Attendee("李"), enterprise=people.enterprise, by=people.li)

    assert "meet.example" not in before
    assert "meet.example" in client.get(path).content.decode()
    assert "meet.example" not in sign_in(Client(), people.zhao).get(path).content.decode()


def test_the_calendar_file_says_what_is_called_off(client: Client) -> None:
    occasion = OccasionFactory(slug="plc", title_zh="设备联网")
    actions.call_off(occasion, reason="停电", by=officer())

    (event,) = Calendar.from_ical(client.get("/industry/events/plc/event.ics").content).walk("VEVENT")

    assert (str(event["summary"]), str(event["status"]), int(event["sequence"])) == (
        "设备联网",
        "CANCELLED",
        1,
    )
    assert event["dtstart"].dt == occasion.starts_at.replace(microsecond=0)
    assert client.get("/industry/events/all.ics").status_code == 200


def test_an_answer_is_taken_from_those_who_were_there(client: Client) -> None:
    people, occasion = cast(), OccasionFactory(slug="plc")
    row = actions.book(occasion, Attendee("李"), enterprise=people.enterprise, by=people.li)
    path = f"/en/industry/events/plc/bookings/{row.key}/feedback/"
    sign_in(client, people.li)
    early = client.get(path).status_code
    over(occasion)

    wrong = client.post(path, {"rating": "9"})
    client.post(path, {"rating": "4", "words": "多些练习"})

    row.refresh_from_db()
    assert (early, wrong.status_code, list(wrong.context["form"].errors)) == (404, 200, ["rating"])
    assert (row.rating, row.rating_words) == (4, "多些练习")


@pytest.mark.parametrize(("role", "status"), [("triage_officer", 302), ("publisher", 403)])
def test_attendance_is_kept_at_the_desk(client: Client, role: str, status: int) -> None:
    occasion = OccasionFactory()
    row = booked(occasion)
    over(occasion)
    sign_in(client, UserFactory(roles=[role]))

    response = client.post(
        f"/admin/industry/occasion/{occasion.pk}/keep_attendance/", {"present": [str(row.key)]}
    )

    row.refresh_from_db()
    assert (response.status_code, row.attended) == (status, True if status == 302 else None)


def test_the_desk_names_what_does_not_fit(client: Client) -> None:
    sign_in(client, User.objects.get(pk=UserFactory(roles=["publisher"]).pk))
    given = {
        "title_zh": "课", "about_zh": "课", "kind": "training", "slug": "x", "venue_zh": "室", "seats": 1,
        "per_enterprise": 1, "starts_at_0": "2026-12-10", "starts_at_1": "10:00", "ends_at_0": "2026-12-10",
        "ends_at_1": "09:00", "closes_at_0": "2026-12-11", "closes_at_1": "09:00",
        "bookings-TOTAL_FORMS": 0, "bookings-INITIAL_FORMS": 0,
    }  # fmt: skip

    page = client.post("/admin/industry/occasion/add/", given)

    assert sorted(page.context["adminform"].form.errors) == ["closes_at", "ends_at", "region"]
