"""The drains of this room; the rows are found by state, so each may run twice, late or at once."""

from datetime import time

from celery import shared_task

from core import periods
from services.requests import actions, waiting_time


@shared_task(name="requests.route_new")
def route_new() -> int:
    """Put new requests into their queues; follow the calendar; leave no open request on nobody's list."""
    actions.follow_calendar()
    actions.add_warnings()
    return actions.route_new() + actions.cover_open()


@shared_task(name="requests.escalate_overdue")
def escalate_overdue() -> int:
    """Take the steps of the ladder that are due, remind of late tasks and missing papers; return how many."""
    return actions.escalate_overdue() + actions.remind_of_tasks() + actions.remind_of_papers()


@shared_task(name="requests.summarise")
def summarise() -> int:
    return actions.summarise()


@shared_task(name="requests.close_resolved")
def close_resolved() -> int:
    return actions.close_resolved()


@shared_task(name="requests.tell_blocked")
def tell_blocked() -> int:
    """Tell owners of files the scanner has blocked; return how many."""
    return actions.tell_blocked()


@shared_task(name="requests.tend_drafts")
def tend_drafts() -> int:
    """Remind of drafts in their last week, drop what has ended or was never sent; return how many."""
    return actions.tend_drafts() + actions.clear_baskets()


@shared_task(name="requests.measure_waiting")
def measure_waiting() -> int:
    """Once a day, after 02:00, measure how long each offering really took; return how many changed."""
    with periods.due("requests.measure_waiting", not_before=time(2, 0)) as day:
        return waiting_time.measure() if day else 0


@shared_task(name="requests.ask_effects")
def ask_effects() -> int:
    """Ask what came of the services that were done half a year ago; return how many were asked about."""
    return actions.ask_effects()
