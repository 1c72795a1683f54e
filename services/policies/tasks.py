"""Background drains of this room; each may run twice, late or at once."""

import logging

from celery import shared_task
from django.conf import settings

from core import calendar, periods
from core.criteria import CriteriaError
from services.policies import actions, alerting, indexing
from services.policies.models import PolicyItem

logger = logging.getLogger(__name__)


@shared_task(name="policies.publish_scheduled")
def publish_scheduled() -> int:
    """Publish every notice whose time has come."""
    done = 0
    while actions.publish_next_scheduled() is not None:
        done += 1
    return done


@shared_task(name="policies.announce_published")
def announce_published() -> int:
    """Match and tell every published item that has not been announced; return the letters written.

    One whose conditions cannot be read waits until they are corrected; the others do not wait for it.
    """
    today, told = calendar.day_of(calendar.now()), 0
    for item in PolicyItem.objects.awaiting_announcement(today).order_by("pk"):
        try:
            told += actions.announce(item, on=today)
        except CriteriaError:
            logger.exception("item %s has conditions that cannot be read; it is announced to nobody", item.pk)
    return told


@shared_task(name="policies.rematch_changed")
def rematch_changed() -> int:
    """Match again the enterprises whose facts have changed; return the new matches."""
    today = calendar.day_of(calendar.now())
    return sum(actions.rematch(enterprise, on=today) for enterprise in actions.changed_enterprises())


@shared_task(name="policies.offer_benefits")
def offer_benefits() -> int:
    """Offer what is granted without application to whom it fits, and ask anew after changes of an item."""
    today = calendar.day_of(calendar.now())
    return sum(actions.offer(item, on=today) for item in actions.items_to_offer(today)) + actions.ask_again()


@shared_task(name="policies.recut_search_rows")
def recut_search_rows() -> int:
    """Write search rows anew that were cut by older rules; return how many."""
    done = 0
    while rewritten := indexing.recut():
        done += rewritten
    return done


@shared_task(name="policies.tell_published")
def tell_published() -> int:
    """Hold saved searches against what was published, tell followers of changes; return the events.

    Searches are held with the synonyms the desk has now.
    """
    done = 0
    while actions.recompile_searches():
        pass
    while actions.tell_next(at=calendar.now()) is not None:
        done += 1
    return done


@shared_task(name="policies.send_search_digests")
def send_search_digests() -> int:
    """Write the morning letters of saved searches that are due; return for how many searches."""
    day = alerting.letter_day(calendar.now())
    done = 0
    while turn := actions.send_search_digests(day=day):
        done += turn
    return done


@shared_task(name="policies.sweep_searches")
def sweep_searches() -> int:
    """Once a day, forget addresses that never confirmed and searches stopped long ago."""
    with periods.due("policies.sweep_searches") as period:
        return actions.sweep_searches() if period else 0


@shared_task(name="policies.send_match_digests")
def send_match_digests() -> int:
    """Write the morning letters of what fits that are due; return the matches settled."""
    day = alerting.letter_day(calendar.now())
    done = 0
    while turn := actions.send_match_digests(day=day):
        done += turn
    return done


@shared_task(name="policies.remind")
def remind() -> int:
    """Once a day from half past eight, remind of last days that come near; return the letters."""
    with periods.due("policies.remind", not_before=alerting.MORNING) as period:
        return actions.remind(on=calendar.day_of(calendar.now())) if period else 0


@shared_task(name="policies.ask_to_look")
def ask_to_look() -> int:
    """Once a day, have notices looked at that nobody has looked at for half a year; return the letters."""
    told = 0
    with periods.due("policies.ask_to_look", not_before=alerting.MORNING) as period:
        today = calendar.day_of(calendar.now())
        while period and (letters := actions.ask_next_to_look(today)) is not None:
            told += letters
    return told


@shared_task(name="policies.check_links")
def check_links() -> int:
    """Try outside addresses not tried today, where LINK_CHECKS is on; return how many were tried."""
    if not settings.LINK_CHECKS:
        return 0
    with periods.due("policies.gather_links") as period:
        if period:
            actions.gather_links()
    return actions.check_links(calendar.day_of(calendar.now()))


@shared_task(name="policies.measure_notices")
def measure_notices() -> int:
    """Count how far each published notice came, once a day and a few at a time; return how many."""
    with periods.due("policies.gather_measures") as period:
        if period:
            actions.gather_measures()
    return actions.measure_notices(calendar.day_of(calendar.now()))
