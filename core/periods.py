"""Once a day, whoever asks and however often: two beats, a late beat, a beat that slept through a week.

    with periods.due("requests.close_resolved", not_before=time(1, 0)) as period:
        if period:
            …

The beat asks every few minutes; the watermark of the job decides. What the job does and the mark that it
is done commit together, so a crash in the middle leaves nothing and the next tick does it all. Days that
were missed are caught up by one run: jobs select by state, not by yesterday.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.db import transaction

from core import calendar
from core.models import Watermark


@contextmanager
def due(job: str, *, not_before: time = time.min, at: datetime | None = None) -> Iterator[date | None]:
    """Yield the day this run stands for, or None when it is done, not yet due, or being done elsewhere.

    A day begins at `not_before` Asia/Shanghai by the database's clock (`at` replaces it in tests and
    rehearsals). The body runs in a transaction; if it raises, the day stays due.
    """
    day = _day_at(at or calendar.now(), not_before)
    _make_watermark(job)
    with transaction.atomic():
        mark = Watermark.objects.select_for_update(skip_locked=True).filter(job=job).first()
        if mark is None or mark.period >= day.isoformat():
            yield None
            return
        yield day
        mark.period, mark.ran_at = day.isoformat(), calendar.now()
        mark.save(update_fields=["period", "ran_at"])


def is_due(job: str, *, not_before: time = time.min, at: datetime | None = None) -> bool:
    """Tell whether `due` would yield a day, for a job of several transactions that marks it at the end."""
    day = _day_at(at or calendar.now(), not_before)
    return not Watermark.objects.filter(job=job, period__gte=day.isoformat()).exists()


def _day_at(moment: datetime, not_before: time) -> date:
    local = moment.astimezone(calendar.zone())
    return local.date() if local.time() >= not_before else local.date() - timedelta(days=1)


def _make_watermark(job: str) -> None:
    if not Watermark.objects.filter(job=job).exists():
        Watermark.objects.bulk_create([Watermark(job=job)], ignore_conflicts=True)
