"""Migrate as Django does, one run at a time: a second one waits for the first, then finds nothing to do."""

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

_LOCK = 6_012
_PAUSE = 0.5


class Command(migrate.Command):
    """Holds a lock of the session, so that a run that is killed holds nothing any more."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            # Asked for again and again: a statement that waited would run into the limit of its time.
            while not self._is_ours(cursor):
                time.sleep(_PAUSE)
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    def _is_ours(self, cursor: Any) -> bool:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
