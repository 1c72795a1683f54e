"""Ask the database without trying its connection first: the question itself shows whether it is alive."""

from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, connection

T = TypeVar("T")


def first(question: Callable[[], T]) -> T:
    """Ask the first question of a request; raises DatabaseError when the database is away.

    Over a connection that was lost since the last request it is asked twice, so it must bear that.
    """
    if connection.in_atomic_block or connection.connection is None:
        return question()
    connection.health_check_done = True  # type: ignore[attr-defined]  # not in the stubs
    try:
        return question()
    except DatabaseError:
        if not connection.connection.closed:
            raise
        connection.close()
    return question()
