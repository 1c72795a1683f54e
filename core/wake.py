"""Knock at the worker's door after a commit; nothing depends on anyone hearing.

The row is the queue: a drain finds it at the next tick anyway. So every error is swallowed and
counted, and after a failure the door is left alone for a while, so that a page never waits for a
broker that is down.
"""

import logging
import threading
import time
from functools import cache

from celery import Celery
from celery.app import app_or_default
from django.db import transaction
from kombu import Connection
from kombu.pools import producers

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 15
# Messages that pile up while no worker is there are thrown away after this long; the tick calls anew. Sender
# and worker each go by their own clock: with less, a clock some minutes ahead would throw all of them away.
EXPIRES_SECONDS = 3600
# A page may lose this much once per pause; a worker's own connection is more patient.
_BRIEF = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3, "max_retries": 0, "retry_on_timeout": False}


class _Door:
    """Whether this process believes the broker to be there; shared by its threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.closed_until = 0.0
        self.failures = 0

    def is_closed(self) -> bool:
        return time.monotonic() < self.closed_until

    def close(self) -> None:
        with self.lock:
            self.failures += 1
            self.closed_until = time.monotonic() + PAUSE_SECONDS


_door = _Door()


class _Knock:
    """One pending message; it lives in the connection's own list, so a rollback takes it along."""

    def __init__(self, task: str) -> None:
        self.task = task

    def __call__(self) -> None:
        _send(self.task)


def knock(task: str) -> None:
    """Ask a worker to run the drain named `task` once the present transaction has committed.

    Several knocks for one task in one transaction become one message. Never raises, and costs a page
    less than a second once per pause when the broker is down.
    """
    pending = transaction.get_connection().run_on_commit
    if any(isinstance(call, _Knock) and call.task == task for _savepoints, call, _robust in pending):
        return
    transaction.on_commit(_Knock(task), robust=True)


def failures() -> int:
    """Return how many knocks this process has failed to deliver."""
    return _door.failures


def _send(task: str) -> None:
    if _door.is_closed():
        return
    try:
        app = app_or_default()
        with producers[_connection(app)].acquire(timeout=1) as producer:
            app.send_task(task, producer=producer, retry=False, ignore_result=True, expires=EXPIRES_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever the broker's trouble is, the row stands
        _door.close()
        logger.warning("knock for %s not heard: %s", task, type(error).__name__)


@cache
def _connection(app: Celery) -> Connection:
    return connection_to(app)


def connection_to(app: Celery) -> Connection:
    """Return a new connection to the broker that gives up quickly."""
    options = {**app.conf.broker_transport_options, **_BRIEF}
    connection: Connection = app.connection_for_write(connect_timeout=0.3, transport_options=options)
    return connection
