"""When a message may go out: at once, with the next digest, and never in its reader's quiet hours.

One expression in SQL decides, so that a letter to a million readers is still one statement. All times of day
are those of Asia/Shanghai by the database's clock.
"""

from datetime import datetime, time
from typing import Any

from django.db import connection

# Reads `moment`, `frequency`, `begins` and `ends` of a row called `way`; gives `due.at`. Digests leave at
# eight in the morning, weekly ones on Mondays.
DUE = """
CROSS JOIN LATERAL (
    SELECT CASE way.frequency
        WHEN 'daily' THEN (date_trunc('day', local.time - interval '8 hours') + interval '32 hours')
        WHEN 'weekly' THEN (date_trunc('week', local.time - interval '8 hours') + interval '176 hours')
        ELSE local.time END AS time
    FROM (SELECT way.moment AT TIME ZONE 'Asia/Shanghai' AS time) AS local
) AS planned
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN way.begins IS NULL OR way.begins = way.ends THEN planned.time
        WHEN way.begins < way.ends AND planned.time::time >= way.begins AND planned.time::time < way.ends
            THEN planned.time::date + way.ends
        WHEN way.begins > way.ends AND planned.time::time >= way.begins
            THEN planned.time::date + 1 + way.ends
        WHEN way.begins > way.ends AND planned.time::time < way.ends
            THEN planned.time::date + way.ends
        ELSE planned.time END AT TIME ZONE 'Asia/Shanghai' AS at
) AS due
"""

_ONE = f"""
SELECT due.at FROM (
    SELECT %s::timestamptz AS moment, %s::text AS frequency, %s::time AS begins, %s::time AS ends
) AS way {DUE}
"""  # noqa: S608 - both pieces stand in this file


def due_at(
    moment: datetime, *, frequency: str = "instant", begins: time | None = None, ends: time | None = None
) -> datetime:
    """Return when what is written at `moment` goes out to somebody with this frequency and quiet hours."""
    values: list[Any] = [moment, frequency, begins, ends]
    with connection.cursor() as cursor:
        cursor.execute(_ONE, values)
        at: datetime = cursor.fetchone()[0]
    return at
