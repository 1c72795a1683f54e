"""Jobs of the roof: the watch over the background, whose run shows the beat is heard, open data, calls."""

import logging
from datetime import time

from celery import shared_task

from core import periods
from portal import calls, operations
from portal.api import open_data
from portal.indicators import activity
from portal.notifications import tell_activity, tell_alarm

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


@shared_task(name="portal.hand_out_calls")
def hand_out_calls() -> int:
    """Tell whoever is in charge of the calls to be made; return how many calls."""
    return calls.hand_out()


@shared_task(name="portal.tell_activity")
def tell_activity_of_month() -> int:
    """Tell whoever leads of the month that is over, once it is measured whole; return how many were told."""
    month = activity.last_month()
    return tell_activity(month) if activity.is_complete(month) else 0
