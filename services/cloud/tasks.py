"""The drains of this room; rows are found by state, so each may run twice, late or at once."""

from datetime import time

from celery import shared_task

from core import calendar, periods
from services.cloud.actions import checking, lateness, listings, onboarding, tending, use


@shared_task(name="cloud.remind_rechecks")
def remind_rechecks() -> int:
    """Tell the checkers of providers whose yearly check runs out."""
    return listings.remind_rechecks(calendar.day_of(calendar.now()))


@shared_task(name="cloud.follow_plans")
def follow_plans() -> int:
    """Tick checks whose result has come, tell of late steps, ask for the proofs of real use that are due."""
    day = calendar.day_of(calendar.now())
    return onboarding.note_readiness() + onboarding.tell_late(day) + use.ask_for_proof(day)


@shared_task(name="cloud.tend_programmes")
def tend_programmes() -> int:
    """Open and close programmes by their days, and take from the waiting lists what the budget allows."""
    return tending.tend_programmes()


@shared_task(name="cloud.expire_vouchers")
def expire_vouchers() -> int:
    """End what ran out of time, remind before it does, and flag what is not used."""
    return tending.expire() + tending.remind() + checking.look_for_silence()


@shared_task(name="cloud.escalate_late")
def escalate_late() -> int:
    """Remind of decisions that are due, and tell of late ones; return how many steps were taken."""
    return lateness.escalate()


@shared_task(name="cloud.reconcile")
def reconcile() -> int:
    """Prove the ledger once a night; return how many figures differ."""
    with periods.due("cloud.reconcile", not_before=time(2, 30)) as day:
        return len(tending.reconcile().differences) if day else 0


@shared_task(name="cloud.draw_visits")
def draw_visits() -> int:
    """Draw the visits of a month once, in its first night; return how many were drawn."""
    with periods.due("cloud.draw_visits", not_before=time(3, 0)) as day:
        drawn = checking.draw(day.strftime("%Y-%m")) if day else None
        return drawn.visits.count() if drawn else 0
