"""Advise a new round half a year and a year after the last one."""

from __future__ import annotations

import calendar as months_of_a_year
from datetime import datetime

from django.db import transaction

from core import calendar
from services.assessments import notifications
from services.assessments.models import Assessment

MONTHS = (6, 12)
BATCH = 200


def remind(at: datetime | None = None) -> int:
    """Tell the enterprises whose newest round is old enough; return how many letters were written.

    Each round is advised twice at most. Rows are found by what they have had, so a late run tells everybody
    once, and only the later of two reminders that came due meanwhile.
    """
    now = at or calendar.now()
    told = 0
    for number, months in reversed(list(enumerate(MONTHS, start=1))):
        while rows := _due(number, months_before(now, months)):
            told += sum(_remind(row, number, months) for row in rows)
    return told


def _due(number: int, before: datetime) -> list[Assessment]:
    due = Assessment.objects.due_for_reminder(number, before).exclude(version__code="quick")
    return list(due.select_related("version", "enterprise").order_by("pk")[:BATCH])


def _remind(assessment: Assessment, number: int, months: int) -> int:
    with transaction.atomic():
        rows = Assessment.objects.filter(pk=assessment.pk, reminders__lt=number)
        if not rows.update(reminders=number):
            return 0
        return notifications.tell_again(assessment, months=months)


def months_before(moment: datetime, months: int) -> datetime:
    """Go back whole months; a day the month does not have becomes its last."""
    index = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(index, 12)
    last = months_of_a_year.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
