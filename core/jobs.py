"""When each job of the background last ran, how long it took, and what it failed with.

Plain SQL, so that the worker's application may use it before Django's models are there.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

logger = logging.getLogger(__name__)

_DONE = """
INSERT INTO core_jobrun (name, ran_at, seconds, error) VALUES (%s, clock_timestamp(), %s, '')
ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at, seconds = excluded.seconds, error = ''
"""
_FAILED = """
INSERT INTO core_jobrun (name, failed_at, seconds, error) VALUES (%s, clock_timestamp(), %s, %s)
ON CONFLICT (name) DO UPDATE
    SET failed_at = excluded.failed_at, seconds = excluded.seconds, error = excluded.error
"""


@contextmanager
def recorded(name: str) -> Iterator[None]:
    """Note how the job in this block ended; never adds a trouble of its own to it."""
    began = time.monotonic()
    try:
        yield
    except Exception as error:
        _note(_FAILED, name, time.monotonic() - began, f"{type(error).__name__}: {error}"[:300])
        raise
    _note(_DONE, name, time.monotonic() - began)


def _note(statement: str, *values: str | float) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as trouble:
        logger.warning("run of %s not noted: %s", values[0], type(trouble).__name__)
