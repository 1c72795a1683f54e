"""The drains of the market and the plans; rows are found by state, so each may run twice, late or at once."""

from celery import shared_task

from core import calendar
from services.cloud.actions import listings, onboarding, use


@shared_task(name="cloud.remind_rechecks")
def remind_rechecks() -> int:
    """Tell the checkers of providers whose yearly check runs out."""
    return listings.remind_rechecks(calendar.day_of(calendar.now()))


@shared_task(name="cloud.follow_plans")
def follow_plans() -> int:
    """Tell of late steps, and ask for the proofs of real use that are due."""
    day = calendar.day_of(calendar.now())
    return onboarding.tell_late(day) + use.ask_for_proof(day)
