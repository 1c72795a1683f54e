"""Count how often the page of a notice is opened: a number a day, without cookie and without who."""

from __future__ import annotations

from django.db import connection

from core import calendar
from services.policies.models import PolicyNotice

_NOTE = """
INSERT INTO policies_noticereading AS r (notice_id, day, times) VALUES (%s, %s, 1)
ON CONFLICT (notice_id, day) DO UPDATE SET times = r.times + 1
"""


def note(notice: PolicyNotice) -> None:
    """Count one reader of a public notice."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [notice.pk, calendar.today()])
