from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from core import calendar
from services.catalogue.models import Offering
from services.requests import tasks, waiting_time
from services.requests.models import ServiceRequest
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 10, tzinfo=calendar.zone())


def done(cast: Cast, chen: User, offering: Offering, *weeks: int) -> None:
    """Let requests of an offering take that many weeks (five working days each)."""
    for number in weeks:
        row = in_state("resolved", cast.li, cast.enterprise, chen, offering)
        ServiceRequest.objects.filter(pk=row.pk).update(
            submitted_at=MONDAY, resolved_at=MONDAY + timedelta(weeks=number)
        )


@pytest.mark.parametrize(
    ("weeks", "days"),
    [((1, 1, 1, 1), None), ((0, 0, 1, 2, 3), 5), ((0, 1, 1, 2, 2, 3), 5), ((0, 0, 0, 0, 1), 0)],
)
def test_the_median_counts_from_five_requests_on(
    cast: Cast, chen: User, weeks: tuple[int, ...], days: int | None
) -> None:
    offering = OfferingFactory()
    done(cast, chen, offering, *weeks)

    assert waiting_time.measured(offering) == days


def test_it_is_measured_once_a_day_and_shown(client: Client, cast: Cast, chen: User) -> None:
    offering = OfferingFactory(slug="diagnosis")
    OfferingFactory()
    done(cast, chen, offering, 1, 1, 1, 1, 1)
    assert "Lately it took" not in client.get("/en/services/diagnosis/").content.decode()

    assert (tasks.measure_waiting(), tasks.measure_waiting()) == (1, 0)

    assert "Lately it took about 5 working days." in client.get("/en/services/diagnosis/").content.decode()
