"""By when whoever has a voucher must act: working days as the programme says, without the day itself."""

from __future__ import annotations

from datetime import date, timedelta

from core import calendar
from services.cloud.models import Programme, Voucher

# The owner is reminded this many days before the last valid day.
REMINDERS = (14, 3)
# An application that was rejected may be looked at again when asked within so many working days.
APPEAL_DAYS = 10


def for_county(programme: Programme, day: date) -> date:
    return calendar.add_working_days(day, programme.county_days).day


def for_city(programme: Programme, day: date) -> date:
    return calendar.add_working_days(day, programme.city_days).day


def for_enterprise(programme: Programme, day: date) -> date:
    return calendar.add_working_days(day, programme.resubmit_days).day


def for_finance(programme: Programme, day: date) -> date:
    return calendar.add_working_days(day, programme.settle_days).day


def to_appeal(day: date) -> date:
    return calendar.add_working_days(day, APPEAL_DAYS).day


def last_valid_day(programme: Programme, issued_on: date) -> date:
    """Return the last day a contract may carry: the day of issue + validity, inclusive."""
    return issued_on + timedelta(days=programme.validity_days)


def last_day_to_claim(voucher: Voucher) -> date:
    if voucher.valid_to is None:
        raise ValueError(f"voucher {voucher.pk} was never issued")
    return voucher.valid_to + timedelta(days=voucher.programme.claim_within_days)


def reminder_due(days_left: int, reminded: int | None) -> int | None:
    """Return which reminder is due with `days_left`, given the last one sent; None when there is none.

    One that was slept through is not sent beside a later one.
    """
    due = min((days for days in REMINDERS if 0 <= days_left <= days), default=None)
    return due if due is not None and (reminded is None or due < reminded) else None
