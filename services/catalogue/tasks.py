"""The drains of this room; rows are found by state, so each may run twice, late or at once."""

from celery import shared_task

from services.catalogue import actions


@shared_task(name="catalogue.tell_resumed")
def tell_resumed() -> int:
    """Tell those who waited for the end of a pause."""
    return actions.tell_resumed()
