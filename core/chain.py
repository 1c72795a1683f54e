"""The chain over all events: each is sealed with a hash of itself and of the seal before it.

A tick seals what has been committed since; whoever alters, removes or slips in an event afterwards breaks
the chain at that place, and the check names it. The head of the chain is written to the log each night, so
that a chain computed anew, by somebody who owns the database, does not fit what the log keeps elsewhere.
Erasing the personal part of an event changes nothing: the event keeps its hash, and the seal covers that.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from core.audit import detail_hash
from core.models import Event, EventDetail, EventSeal

BATCH = 2000
# Numbers are given out before the commit: an event may turn up behind others that were sealed already.
LOOK_BACK = 100_000
# An event that is older than this and bears no seal was slipped in, or nobody seals any more.
UNSEALED_AFTER = timedelta(hours=1)
_LOCK = 7_301_946


@dataclass(frozen=True)
class Finding:
    """One place at which the chain is broken; `what` is altered, missing, unsealed or detail."""

    event: int
    what: str

    def __str__(self) -> str:
        return f"{self.event} {self.what}"


def seal(*, batch: int = BATCH) -> int:
    """Seal up to `batch` events; return how many. One sealer at a time: another one finds nothing to do."""
    with transaction.atomic():
        if not _is_alone():
            return 0
        last = EventSeal.objects.order_by("-position").first()
        events = list(_unsealed(last)[:batch])
        seals, head = [], last.hash if last else ""
        for event in events:
            head = link(head, event)
            seals.append(EventSeal(event=event.pk, hash=head))
        EventSeal.objects.bulk_create(seals)
    return len(events)


def link(before: str, event: Event) -> str:
    """Return the hash that seals an event behind the seal `before`."""
    values = [
        before,
        event.pk,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_id,
        event.actor_role,
        event.verb,
        event.subject_type,
        event.subject_id,
        event.before,
        event.after,
        event.data,
        event.detail_hash,
    ]
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check() -> Iterator[Finding]:
    """Yield every place at which the chain or a personal part does not fit, from the first seal on."""
    head = ""
    seals = EventSeal.objects.order_by("position").values_list("event", "hash").iterator(BATCH)
    while part := list(islice(seals, BATCH)):
        events = Event.objects.in_bulk([number for number, _hash in part])
        for number, stored in part:
            event = events.get(number)
            if event is None:
                yield Finding(number, "missing")
            elif link(head, event) != stored:
                yield Finding(number, "altered")
            # Go on from the seal as it stands, so that one offence is named once.
            head = stored
    yield from _slipped_in()
    yield from _altered_details()


def head() -> tuple[int, str]:
    """Return how many events are sealed and the last seal; (0, '') before the first."""
    last = EventSeal.objects.order_by("-position").values_list("hash", flat=True).first()
    return EventSeal.objects.count(), last or ""


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _unsealed(last: EventSeal | None) -> Any:
    sealed = EventSeal.objects.filter(event=OuterRef("pk"))
    found = Event.objects.filter(~Exists(sealed)).order_by("pk")
    return found.filter(pk__gt=last.event - LOOK_BACK) if last else found


def _slipped_in() -> Iterator[Finding]:
    old = Event.objects.filter(at__lt=Now() - UNSEALED_AFTER)
    sealed = EventSeal.objects.filter(event=OuterRef("pk"))
    for number in old.filter(~Exists(sealed)).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        yield Finding(number, "unsealed")


def _altered_details() -> Iterator[Finding]:
    details = EventDetail.objects.select_related("event").order_by("pk")
    for detail in details.iterator(BATCH):
        if detail_hash(detail.data) != detail.event.detail_hash:
            yield Finding(detail.pk, "detail")
