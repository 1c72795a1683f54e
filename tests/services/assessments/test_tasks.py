"""Advice to assess again: once after half a year, once after a year, never twice."""

from datetime import UTC, datetime, timedelta

import pytest

from core.models import StoredFile
from notifications.models import Notification
from services.assessments import actions, tasks
from services.assessments.actions.reminding import months_before
from services.assessments.models import Assessment
from services.assessments.notifications import is_still_latest
from tests.factories.assessments import draft, finished
from tests.factories.enterprises import Cast
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def letters() -> list[tuple[int, int]]:
    rows = Notification.objects.filter(kind="assessments.again").order_by("pk")
    return [(row.context["months"], row.recipient_id) for row in rows]


def test_two_reminders_are_sent_each_once(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    at = row.finished_at

    assert actions.remind(at + 170 * DAY) == 0
    assert (actions.remind(at + 190 * DAY), actions.remind(at + 190 * DAY)) == (2, 0)
    assert (actions.remind(at + 370 * DAY), actions.remind(at + 999 * DAY)) == (2, 0)
    assert letters() == [
        (6, cast.li.pk), (6, cast.wang.pk), (12, cast.li.pk), (12, cast.wang.pk),
    ]  # fmt: skip


def test_a_late_run_sends_only_the_later_reminder(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)

    actions.remind(row.finished_at + 800 * DAY)

    assert {months for months, _reader in letters()} == {12}


def test_an_earlier_round_and_the_quick_check_are_not_reminded(cast: Cast) -> None:
    first = finished(cast.enterprise, cast.li)
    Assessment.objects.filter(pk=first.pk).update(finished_at=first.finished_at - 400 * DAY)
    finished(cast.enterprise, cast.li)
    finished(cast.other, cast.zhao, code="quick")

    assert actions.remind(first.finished_at + 10 * DAY) == 0


def test_a_reminder_is_dropped_once_a_new_round_is_begun(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    actions.remind(row.finished_at + 190 * DAY)
    letter = Notification.objects.filter(kind="assessments.again").earliest("pk")

    assert is_still_latest(letter)
    draft(cast.enterprise, cast.li)
    assert not is_still_latest(letter)


def test_the_tick_finds_nothing_to_do_on_a_fresh_day(cast: Cast) -> None:
    finished(cast.enterprise, cast.li)

    assert tasks.remind() == 0


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ((2026, 8, 31), 6, (2026, 2, 28)),
        ((2026, 1, 15), 6, (2025, 7, 15)),
        ((2028, 2, 29), 12, (2027, 2, 28)),
    ],
)
def test_months_are_counted_by_the_calendar(day: tuple, months: int, before: tuple) -> None:
    assert months_before(datetime(*day, tzinfo=UTC), months) == datetime(*before, tzinfo=UTC)


def test_a_blocked_file_is_told_once_to_owners_and_editors(cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    actions.add_file(row, "q01", upload("plan.pdf"), by=cast.li)
    assert tasks.tell_blocked() == 0
    StoredFile.objects.update(scan=StoredFile.Scan.INFECTED)

    assert (tasks.tell_blocked(), tasks.tell_blocked()) == (2, 0)
    letters = Notification.objects.filter(kind="assessments.evidence_blocked")
    assert {(one.recipient_id, one.context["name"]) for one in letters} == {
        (cast.li.pk, "plan.pdf"),
        (cast.wang.pk, "plan.pdf"),
    }
