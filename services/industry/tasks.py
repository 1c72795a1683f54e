"""The drains of this room; rows are found by state, so each may run twice, late or at once."""

from celery import shared_task

from services.industry import actions


@shared_task(name="industry.tend_occasions")
def tend_occasions() -> int:
    """Remind of events a day before, and ask afterwards what they were worth."""
    return actions.tend_occasions()


@shared_task(name="industry.close_needs")
def close_needs() -> int:
    """Take needs whose last day is past from the board."""
    return actions.close_run_out()
