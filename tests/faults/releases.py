"""The release before this one, as far as two releases at work at once can differ.

`release.json` pins what the last release knew: its tasks with their arguments, its kinds of message. The old
release of an experiment knows no more than that; and lest there be nothing new to it just after a release, it
never knows one kind that is posted today nor one task that is sent today. It has two tasks that have gone
since: one was renamed and keeps its old name as an alias for a release, one was deleted.
"""

import inspect
import json
import os
from pathlib import Path
from typing import Any

from celery import shared_task

from notifications import kinds
from portal.celery import BEAT, TICK, app
from services.requests.notifications import RECEIVED

NEW_TASK = "requests.route_new"
BEFORE, NOW, DELETED = "rig.before", "rig.now", "rig.deleted"
LINES = "renamed-runs"
PIN = Path(__file__).with_name("release.json")


def pinned() -> dict[str, Any]:
    """Return what the last release knew: {"tasks": {name: [arguments]}, "kinds": [codes]}."""
    return dict(json.loads(PIN.read_text()))


def present() -> dict[str, Any]:
    """Return the same of this release."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "rig."))}
    return {
        "tasks": {name: list(inspect.signature(task.run).parameters) for name, task in sorted(ours.items())},
        "kinds": sorted(kinds._KINDS),
    }


def write() -> None:
    """Pin this release; once it is out, for the next one."""
    PIN.write_text(json.dumps(present(), indent=1) + "\n")


def note_run(wider: str = "") -> None:
    """Write a line; the argument came with the new release."""
    with Path(os.environ["STATE_DIR"], LINES).open("a") as file:
        file.write("ran\n")


def set_up(release: str) -> None:
    """Make this process one of the `old` or the `new` release; an empty name is the present one as it is."""
    if release == "old":
        forget_what_is_new()
        schedule([BEFORE, DELETED, *(name for name in BEAT if name in app.tasks)])
    if release == "new":
        for name in (BEFORE, NOW):
            shared_task(name=name)(note_run)
        schedule([NOW, *BEAT])


def forget_what_is_new() -> None:
    """Leave only what the last release knew, without the one kind and the one task."""
    known, now = pinned(), present()
    for code in {*now["kinds"]} - {*known["kinds"]} | {RECEIVED.code}:
        kinds._KINDS.pop(code)
    for name in {*now["tasks"]} - {*known["tasks"]} | {NEW_TASK}:
        app.tasks.unregister(name)


def schedule(names: list[str]) -> None:
    app.conf.beat_schedule = {name: {"task": name, "schedule": TICK} for name in names}
