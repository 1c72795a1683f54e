from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from notifications.timing import due_at

pytestmark = pytest.mark.django_db
NIGHT = {"begins": time(22), "ends": time(7)}
NOON = {"begins": time(12), "ends": time(14)}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("written", "wishes", "due"),
    [
        ("2026-11-25 03:00", {}, "2026-11-25 03:00"),
        # Daily: at eight, also when written at eight to the second.
        ("2026-11-25 07:59", {"frequency": "daily"}, "2026-11-25 08:00"),
        ("2026-11-25 08:00", {"frequency": "daily"}, "2026-11-26 08:00"),
        ("2026-12-31 23:59", {"frequency": "daily"}, "2027-01-01 08:00"),
        ("2028-02-28 12:00", {"frequency": "daily"}, "2028-02-29 08:00"),
        # Weekly: on Mondays; 23 November 2026 is one.
        ("2026-11-23 07:59", {"frequency": "weekly"}, "2026-11-23 08:00"),
        ("2026-11-23 08:00", {"frequency": "weekly"}, "2026-11-30 08:00"),
        ("2026-11-29 23:59", {"frequency": "weekly"}, "2026-11-30 08:00"),
        # Quiet hours over midnight, and within a day.
        ("2026-11-25 21:59", NIGHT, "2026-11-25 21:59"),
        ("2026-11-25 22:00", NIGHT, "2026-11-26 07:00"),
        ("2026-11-26 06:59", NIGHT, "2026-11-26 07:00"),
        ("2026-11-26 07:00", NIGHT, "2026-11-26 07:00"),
        ("2026-11-25 12:00", NOON, "2026-11-25 14:00"),
        ("2026-11-25 14:00", NOON, "2026-11-25 14:00"),
        ("2026-11-25 03:00", {"begins": time(7), "ends": time(7)}, "2026-11-25 03:00"),
        # A digest whose hour is quiet waits for the end of it.
        ("2026-11-25 12:00", {"frequency": "daily", "begins": time(20), "ends": time(9)}, "2026-11-26 09:00"),
    ],
)
def test_a_message_goes_out_when_its_reader_wants_it(written, wishes, due):
    assert due_at(at(written), **wishes) == at(due)


def test_the_zone_of_the_connection_changes_nothing(settings):
    utc = datetime(2026, 11, 24, 23, 59, tzinfo=ZoneInfo("UTC"))

    assert due_at(utc, frequency="daily") == at("2026-11-25 08:00")
