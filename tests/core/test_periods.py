import threading
from datetime import UTC, date, datetime, time

import pytest

from core import periods
from core.models import Watermark
from tests.together import together

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 9, 28, 4, tzinfo=UTC)


def run(at=NOON, **options):
    with periods.due("demo.job", at=at, **options) as period:
        return period


def test_a_job_runs_once_a_day():
    assert (run(), run()) == (date(2026, 9, 28), None)

    assert run(datetime(2026, 9, 28, 15, 59, tzinfo=UTC)) is None
    assert run(datetime(2026, 9, 28, 16, 0, tzinfo=UTC)) == date(2026, 9, 29)


def test_missed_days_are_caught_up_once():
    run()
    Watermark.objects.update(period="2026-09-20")

    assert (run(), run()) == (date(2026, 9, 28), None)


def test_a_job_that_fails_stays_due():
    with pytest.raises(ZeroDivisionError), periods.due("demo.job", at=NOON):
        raise ZeroDivisionError

    assert run() == date(2026, 9, 28)


@pytest.mark.parametrize(("not_before", "day"), [(time(12, 0), 28), (time(12, 1), 27)])
def test_a_day_begins_at_its_hour(not_before, day):
    assert run(not_before=not_before) == date(2026, 9, day)


def test_a_clock_that_went_back_does_not_run_it_again():
    run()

    assert run(datetime(2026, 9, 27, 4, tzinfo=UTC)) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_beats_one_runs_the_job():
    gate = threading.Event()

    def beat():
        with periods.due("demo.job", at=NOON) as period:
            gate.wait(0.3)
            return period

    assert sorted(str(period) for period in together(beat, beat)) == ["2026-09-28", "None"]
