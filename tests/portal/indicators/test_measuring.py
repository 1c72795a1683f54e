"""The measurements equal what is in the tables, however they are cut, and are taken once a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core import calendar
from core.models import Watermark
from enterprises.models import Region
from portal.indicators import open_book
from portal.indicators.measuring import measure, months
from portal.indicators.models import Measurement
from portal.indicators.tasks import take_measurements
from services.requests.models import ServiceRequest, State
from tests.factories.enterprises import EnterpriseFactory
from tests.portal.indicators.work import made

pytestmark = pytest.mark.django_db
TODAY = calendar.today()


def number(code: str, **where: Any) -> int:
    return sum(Measurement.objects.filter(code=code, **where).values_list("number", flat=True))


def test_thirteen_months_end_with_the_present_one() -> None:
    assert months(date(2026, 1, 31))[0] == date(2025, 1, 1)
    assert months(date(2026, 1, 31))[-1] == date(2026, 1, 1)
    assert len(months(date(2026, 1, 31))) == 13


def test_every_request_is_counted_where_it_belongs() -> None:
    done = made(State.RESOLVED)
    ServiceRequest.objects.filter(pk=done.pk).update(
        region=Region.objects.get(code="370202"),
        group="cloud",
        rating=4,
        is_free=False,
        due_at=timezone.now(),
    )
    made(State.SUBMITTED)
    made(State.DRAFT)

    measure(TODAY)

    assert (number("received"), number("resolved"), number("free")) == (2, 1, 0)
    assert number("received", city="370200", group="cloud") == 1
    assert (number("rated"), number("stars")) == (1, 4)
    assert number("on_time") == 1


def test_what_came_late_is_not_on_time() -> None:
    done = made(State.RESOLVED)
    ServiceRequest.objects.filter(pk=done.pk).update(due_at=timezone.now() - timedelta(days=3))

    measure(TODAY)

    assert (number("resolved"), number("on_time")) == (1, 0)


def test_measuring_again_changes_nothing() -> None:
    made(State.RESOLVED)
    EnterpriseFactory.create_batch(2)

    first = measure(TODAY)
    rows = set(Measurement.objects.values_list("month", "group", "city", "code", "number"))

    assert measure(TODAY) == first
    assert set(Measurement.objects.values_list("month", "group", "city", "code", "number")) == rows


def test_it_is_measured_once_a_day() -> None:
    made(State.SUBMITTED)

    assert take_measurements() > 0
    assert take_measurements() == 0
    assert Watermark.objects.get(job=open_book.JOB).period == TODAY.isoformat()


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ({"a": 5, "b": 9}, set()),
        ({"a": 0, "b": 9}, set()),
        ({"a": 4, "b": 3, "c": 9}, {"a", "b"}),
        ({"a": 4, "b": 7, "c": 9}, {"a", "b"}),
        ({"a": 4}, {"a"}),
    ],
)
def test_a_small_cell_is_hidden_with_one_more_where_it_could_be_worked_out(numbers: Any, hidden: Any) -> None:
    assert open_book._hidden(numbers) == hidden


def test_the_median_is_the_lower_middle_of_all_slices() -> None:
    month = TODAY.replace(day=1)
    for city, days, count in (("370200", 0, 3), ("370100", 2, 3), ("", 9, 1)):
        Measurement.objects.create(month=month, city=city, code=f"reply_{days}", number=count)

    assert open_book.read().total.median_days == 2
