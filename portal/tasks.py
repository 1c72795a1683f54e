"""Jobs of the roof: the watch over the background, whose run shows that the beat is heard, and open data."""

import logging
from datetime import time

from celery import shared_task

from core import periods
from portal import operations
from portal.api import open_data
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


@shared_task(name="portal.publish_open_data")
def publish_open_data() -> str:
    """Write the open-data file once a day, after the measurements of the night; return its name."""
    with periods.due("portal.publish_open_data", not_before=time(1, 30)) as day:
        return open_data.publish(day) if day else ""
