"""The release before this one, as far as two releases at work at once can differ.

It does not know a kind of message that is posted today nor a task that is sent today, and has two tasks that
have gone since: one was renamed and keeps its old name as an alias for a release, one was deleted.
"""

import os
from pathlib import Path

from celery import shared_task

from notifications import kinds
from portal.celery import BEAT, TICK, app
from services.requests.notifications import RECEIVED

NEW_TASK = "requests.route_new"
BEFORE, NOW, DELETED = "rig.before", "rig.now", "rig.deleted"
LINES = "renamed-runs"


def note_run(wider: str = "") -> None:
    """Write a line; the argument came with the new release."""
    with Path(os.environ["STATE_DIR"], LINES).open("a") as file:
        file.write("ran\n")


def set_up(release: str) -> None:
    """Make this process one of the `old` or the `new` release; an empty name is the present one as it is."""
    if release == "old":
        app.loader.import_default_modules()
        kinds._KINDS.pop(RECEIVED.code)
        app.tasks.unregister(NEW_TASK)
        schedule([BEFORE, DELETED, *(name for name in BEAT if name != NEW_TASK)])
    if release == "new":
        for name in (BEFORE, NOW):
            shared_task(name=name)(note_run)
        schedule([NOW, *BEAT])


def schedule(names: list[str]) -> None:
    app.conf.beat_schedule = {name: {"task": name, "schedule": TICK} for name in names}
