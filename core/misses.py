"""What was looked for and not found: words by day, without who looked, for those who decide what is offered.

Words that may name a person (an address, a number of seven digits and more) and whole sentences are not kept.
"""

import re
from datetime import date, timedelta

from django.db import connection
from django.db.models import Sum

from core import calendar, limits, text
from core.models import Miss

LONGEST = 40
KEPT_DAYS = 400
# Told from so many searches on, so that nobody is recognised by a search of their own.
FEWEST = 3
A_DAY = 2000
_PERSONAL = re.compile(r"@|\d{7,}")
_NOTE = """
INSERT INTO core_miss AS m (place, words, day, times) VALUES (%s, %s, %s, 1)
ON CONFLICT (place, words, day) DO UPDATE SET times = m.times + 1
"""


def note(place: str, words: str) -> bool:
    """Count one search in `place` (a list's code) that found nothing; return whether it was kept."""
    tidy = text.printable(text.normal(words)).lower()
    if not tidy or len(tidy) > LONGEST or _PERSONAL.search(tidy):
        return False
    if not limits.allow("misses", times=A_DAY, seconds=86400):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [place, tidy, calendar.today()])
    return True


def most_missed(since: date, *, count: int = 30) -> list[tuple[str, str, int]]:
    """Return (place, words, times) of what was missed most since a day, from three times on."""
    rows = Miss.objects.filter(day__gte=since).order_by().values_list("place", "words")
    often = rows.annotate(number=Sum("times")).filter(number__gte=FEWEST)
    return list(often.order_by("-number", "place", "words")[:count])


def sweep() -> int:
    """Delete what is older than some four hundred days; return how many rows."""
    return Miss.objects.filter(day__lt=calendar.today() - timedelta(days=KEPT_DAYS)).delete()[0]
