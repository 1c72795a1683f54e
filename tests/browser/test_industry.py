"""Industrial services on a phone without script: a place at an event, the waiting list, a need posted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import calendar
from services.industry.models import Booking, Need
from tests.browser.chromium import click
from tests.browser.people import LOCALES, Person
from tests.browser.rounds import PHONE, SIDEWAYS, come_in
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.industry import OccasionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast()


@pytest.fixture(params=LOCALES)
def sit_down(request: Any, live_server: Any, new_page: Callable[..., Any]) -> Callable[..., Person]:
    """Return a function that puts somebody at a phone whose browser runs no script."""

    def person(user: Any = None) -> Person:
        page = new_page(viewport=PHONE, java_script_enabled=False)
        if user:
            come_in(page, live_server.url, sign_in(Client(), user))
        return Person(page, live_server.url, request.param)

    return person


def test_one_books_another_waits_and_moves_up(people: Cast, sit_down: Callable[..., Person]) -> None:
    occasion = OccasionFactory(slug="plc", seats=1)
    li, zhao = sit_down(people.li), sit_down(people.zhao)
    for person, name in ((li, "李华"), (zhao, "赵明")):
        person.go("/industry/events/plc/")
        person.write(name=name)
        click(person.page.locator("main form[action$='/book/'] button"))

    waiting = Booking.objects.get(attendee_name="赵明")
    click(li.page.locator("main a[href$='/cancel/']"))
    click(li.page.locator("main form button").first)
    zhao.go("/industry/events/plc/")

    waiting.refresh_from_db()
    occasion.refresh_from_db()
    assert (waiting.state, occasion.taken) == ("booked", 1)
    assert "赵明" in zhao.text


def test_a_need_is_posted_from_the_start_page(people: Cast, sit_down: Callable[..., Person]) -> None:
    li = sit_down(people.li)
    li.go("/industry/")
    click(li.page.locator("main a[href$='/industry/needs/']"))
    click(li.page.locator("main a[href$='/needs/new/']"))
    li.choose("kind", "purchase")
    li.write(title="每月铸件五百件", body="灰铁铸件。", contact_phone="13800000000")
    li.page.locator("main [name=region]").select_option("370200")
    last_day = calendar.today() + timedelta(days=9)
    li.page.locator("main [name=open_until]").fill(last_day.isoformat())
    li.press("Hand it in")

    assert Need.objects.get().enterprise == people.enterprise
    assert "GX-" in li.text


@pytest.mark.parametrize(
    "path",
    ["/industry/", "/industry/places/", "/industry/solutions/", "/industry/events/", "/industry/needs/"],
)
def test_nothing_hangs_over_the_edge_of_a_phone(new_page: Any, live_server: Any, path: str) -> None:
    page = new_page(viewport=PHONE)

    page.goto(f"{live_server.url}{path}")

    assert page.evaluate(SIDEWAYS) == 0
