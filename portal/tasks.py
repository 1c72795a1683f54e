"""The watch over the background; that it runs at all shows that the beat is heard."""

import logging

from celery import shared_task

from portal import operations
from portal.notifications import tell_alarm

logger = logging.getLogger(__name__)


@shared_task(name="portal.watch")
def watch() -> int:
    """Write each alarm to the log and tell the administrators; return how many there are."""
    alarms = operations.alarms()
    for alarm in alarms:
        logger.error("alarm %s %s", alarm.code, alarm.words)
    if alarms:
        tell_alarm(sorted({alarm.code for alarm in alarms}))
    return len(alarms)
