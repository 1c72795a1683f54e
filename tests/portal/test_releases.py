"""What the last release sent this one can do: while one is rolled out, two are at work together.

`WRITE_RELEASE=1 pytest tests/portal/test_releases.py` pins this release, once it is out, for the next one.
"""

import inspect
import os

import pytest

from portal.celery import app
from tests.faults import releases


@pytest.fixture(autouse=True, scope="module")
def _pin() -> None:
    if os.environ.get("WRITE_RELEASE"):
        releases.write()


def test_every_task_of_the_last_release_is_known_and_takes_what_was_sent() -> None:
    now = releases.present()["tasks"]
    known = releases.pinned()["tasks"]

    assert sorted(known.keys() - now.keys()) == []
    for name, arguments in known.items():
        inspect.signature(app.tasks[name].run).bind(*arguments)


def test_every_kind_of_message_of_the_last_release_is_known() -> None:
    assert sorted({*releases.pinned()["kinds"]} - {*releases.present()["kinds"]}) == []
