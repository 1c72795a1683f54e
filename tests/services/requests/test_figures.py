from datetime import date

import pytest

from accounts.models import User
from services.requests import figures
from services.requests.figures import Month
from services.requests.models import ServiceRequest
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)


def dated(row: ServiceRequest, **times: str) -> None:
    ServiceRequest.objects.filter(pk=row.pk).update(**{name: f"{at}:00+08:00" for name, at in times.items()})


def test_six_months_end_with_the_present_one(cast: Cast, chen: User) -> None:
    dated(submitted(cast.li, cast.enterprise), submitted_at="2026-03-01T00:00")
    dated(
        in_state("resolved", cast.li, cast.enterprise, chen),
        submitted_at="2025-10-31T23:59",
        resolved_at="2025-11-01T00:00",
    )
    dated(submitted(cast.li, cast.enterprise), submitted_at="2025-09-30T23:59")

    assert figures.by_month(TODAY) == [
        Month(date(2025, 10, 1), 1, 0),
        Month(date(2025, 11, 1), 0, 1),
        Month(date(2025, 12, 1), 0, 0),
        Month(date(2026, 1, 1), 0, 0),
        Month(date(2026, 2, 1), 0, 0),
        Month(date(2026, 3, 1), 1, 0),
    ]


def test_there_is_no_median_without_replies(cast: Cast) -> None:
    submitted(cast.li, cast.enterprise)

    assert figures.median_first_reply() is None


def test_the_median_counts_working_days(cast: Cast, chen: User) -> None:
    replies = ("2026-03-13T09:00", "2026-03-16T09:00", "2026-03-19T09:00")  # Friday, Monday, Thursday
    for replied in replies:
        row = in_state("in_progress", cast.li, cast.enterprise, chen)
        dated(row, submitted_at="2026-03-13T08:00", first_replied_at=replied)

    assert figures.median_first_reply(TODAY) == 1
