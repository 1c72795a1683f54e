"""One timeline: all of this enterprise in one order, nothing of another, and only one's own messages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from notifications.models import Notification
from portal import timeline
from services.cloud.models import VoucherState
from services.requests.models import ServiceRequest
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.assessments import finished
from tests.factories.enterprises import Cast, cast
from tests.factories.policies import published
from tests.factories.requests import submitted
from tests.factories.vouchers import checked, staff
from tests.factories.vouchers import in_state as voucher_in

pytestmark = pytest.mark.django_db


def told(people: Cast, group: str = "", *, user: str = "li") -> list[tuple[str, str]]:
    sources = timeline.sources(getattr(people, user), people.enterprise, group)
    with translation.override("en"):
        found = timeline.in_words(timeline.every_moment(sources), sources)
    return [(one.group, one.what) for one in found]


def test_every_room_is_on_it_and_the_newest_comes_first() -> None:
    people = cast()
    item = published(items=[{"criteria": []}]).items.get()
    item.matches.create(enterprise=people.enterprise, item_version=1, matched_at=timezone.now())
    row = submitted(people.li, people.enterprise)
    ServiceRequest.objects.filter(pk=row.pk).update(submitted_at=timezone.now() + timedelta(hours=1))
    finished(people.enterprise, people.li)

    sources = timeline.sources(people.li, people.enterprise)
    moments = timeline.in_words(timeline.every_moment(sources), sources)

    assert moments[0].title.startswith(row.reference or "")
    assert moments[0].url == reverse("requests:detail", args=[row.reference])
    assert [one.at for one in moments] == sorted((one.at for one in moments), reverse=True)
    assert {one.group for one in moments} >= {"requests", "policies", "assessments", "messages", "enterprise"}


def test_a_group_is_shown_by_itself() -> None:
    people = cast()
    submitted(people.li, people.enterprise)
    finished(people.enterprise, people.li)

    assert told(people, "requests") == [("requests", "Request sent")]
    assert told(people, "assessments") == [("assessments", "Assessment finished")]


def test_another_enterprise_and_a_stranger_see_nothing_of_it() -> None:
    people = cast()
    row = submitted(people.li, people.enterprise)
    finished(people.enterprise, people.li)

    other = timeline.sources(people.zhao, people.other)
    prying = timeline.sources(people.zhao, people.enterprise, "requests")

    assert row.reference not in str(timeline.in_words(timeline.every_moment(other), other))
    assert list(timeline.every_moment(prying)) == []


def test_messages_are_those_of_the_reader() -> None:
    people = cast()
    finished(people.enterprise, people.li)
    mine = Notification.objects.for_user(people.li).filter(enterprise_id=people.enterprise.pk).count()

    assert len(told(people, "messages")) == mine > 0
    assert told(people, "messages", user="guo") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_rows_as_for_one(
    client: Client, rows: int, django_assert_num_queries
) -> None:
    people = cast()
    for _row in range(rows):
        submitted(people.li, people.enterprise)
    sign_in(client, people.li).get(reverse("home"))

    with django_assert_num_queries(7):
        client.get(f"{reverse('timeline')}?group=requests")


def test_more_than_a_page_is_turned_over_without_losing_a_row(client: Client) -> None:
    people = cast()
    for _row in range(23):
        submitted(people.li, people.enterprise)
    ServiceRequest.objects.update(submitted_at=timezone.now())
    sign_in(client, people.li)

    shown = [
        one.title
        for page in (1, 2)
        for one in client.get(f"{reverse('timeline')}?group=requests&page={page}").context["moments"]
    ]

    assert len(shown) == len(set(shown)) == 23


@pytest.mark.parametrize("query", ["?group=nothing", "?page=999", "?page=x", "?group[]=x"])
def test_a_strange_address_shows_a_page(client: Client, query: str) -> None:
    assert sign_in(client, cast().li).get(reverse("timeline") + query).status_code == 200


def test_who_acts_for_nobody_is_led_to_registration(client: Client) -> None:
    assert sign_in(client, UserFactory()).get(reverse("timeline")).url == reverse("enterprises:register")


def test_the_steps_of_a_voucher_stand_on_it() -> None:
    people = cast()
    with checked(people.enterprise):
        voucher_in(VoucherState.ISSUED, staff(), by=(people.enterprise, people.li))

    assert {"Cloud voucher applied for", "Cloud voucher issued"} <= {
        what for _group, what in told(people, "cloud")
    }
