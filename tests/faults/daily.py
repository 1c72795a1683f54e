"""A job with an effect that would show if it were done twice: it writes a line each time it runs."""

import os
from pathlib import Path

from celery import shared_task

from core import periods
from portal.celery import TICK, app

NAME = "rig.daily"
LINES = "daily-runs"


@shared_task(name=NAME)
def daily() -> None:
    """Run once for each day, however often beats ask."""
    with periods.due(NAME) as day:
        if day:
            with Path(os.environ["STATE_DIR"], LINES).open("a") as file:
                file.write(f"{day}\n")


def schedule() -> None:
    """Let every beat ask at every tick."""
    app.conf.beat_schedule |= {NAME: {"task": NAME, "schedule": TICK}}
