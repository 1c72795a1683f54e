"""The one job of this room: measure once a day."""

from celery import shared_task

from core import periods
from portal.indicators.measuring import measure
from portal.indicators.open_book import JOB


@shared_task(name=JOB)
def take_measurements() -> int:
    """Take all measurements anew once a day; a missed day is simply measured later."""
    with periods.due(JOB) as day:
        return measure(day) if day else 0
