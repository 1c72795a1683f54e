"""The drains of files and of the record of events: scan and sweep; seal at every tick, check each night."""

import logging
import time as clock
from datetime import time
from itertools import islice

from celery import shared_task

from core import chain, files, misses, parking, periods, scanning

logger = logging.getLogger(__name__)
TURN_SECONDS = 45
NAMED = 20


class ChainBroken(Exception):
    """Events were altered, removed or slipped in; the message names them."""


@shared_task(name="core.seal_events")
def seal_events() -> int:
    """Seal the events written since; return how many."""
    ends_at, sealed = clock.monotonic() + TURN_SECONDS, 0
    while clock.monotonic() < ends_at and (more := chain.seal()):
        sealed += more
    return sealed


@shared_task(name="core.check_events")
def check_events() -> int:
    """Check the chain once a day, after 02:00; return how many seals it has, 0 when the day's check is done.

    Raises ChainBroken, so that the run stands as failed, the alarm is raised, and the next tick looks again.
    """
    with periods.due("core.check_events", not_before=time(2, 0)) as day:
        if day is None:
            return 0
        found = list(islice(chain.check(), NAMED))
        if found:
            logger.error("alarm chain_broken events=%s", ",".join(map(str, found)))
            raise ChainBroken("; ".join(map(str, found)))
        number, seal = chain.head()
        logger.info("chain checked events=%s head=%s", number, seal)
        return number


@shared_task(name="core.scan_pending")
def scan_pending() -> int:
    """Scan files that wait, and again those found clean a month ago; return how many got a verdict."""
    return scanning.scan_pending()


@shared_task(name="core.sweep_files")
def sweep_files() -> int:
    """Once a day, after 03:00, delete files that belong to nothing, old parked forms, old misses."""
    with periods.due("core.sweep_files", not_before=time(3, 0)) as day:
        return files.sweep() + parking.sweep() + misses.sweep() if day else 0
