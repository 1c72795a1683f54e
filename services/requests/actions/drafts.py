"""What becomes of drafts nobody goes on with: a reminder on day 23, gone on day 30."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core import calendar, files
from services.requests import notifications
from services.requests.models import DroppedDraft, ServiceRequest, State

KEPT = timedelta(days=30)
REMINDED = timedelta(days=23)
_AT_ONCE = 500


def discard_draft(service_request: ServiceRequest, *, by: Any) -> None:
    """Drop a draft that was never submitted, with its files; anything else stays."""
    with transaction.atomic():
        _drop(service_request)


def ends_on(draft: ServiceRequest) -> date:
    """Return the last day of a draft: 30 days after it was last saved."""
    return calendar.day_of(draft.saved_at + KEPT)


def tend_drafts() -> int:
    """Remind of drafts that end in a week, drop those that have ended; return how many were touched."""
    now = calendar.now()
    ended = ServiceRequest.objects.drafts_left_before(now - KEPT)
    silent = ServiceRequest.objects.drafts_left_before(now - REMINDED).filter(nudged_at=None)
    dropped = sum(_expire(number) for number in _numbers(ended))
    return dropped + sum(_remind(number) for number in _numbers(silent))


def _numbers(rows: Any) -> list[int]:
    return list(rows.order_by("id").values_list("pk", flat=True)[:_AT_ONCE])


@transaction.atomic
def _expire(number: int) -> bool:
    row = _still(number, KEPT).first()
    return row is not None and _drop(row)


@transaction.atomic
def _remind(number: int) -> bool:
    row = _still(number, REMINDED).filter(nudged_at=None).first()
    if row is None:
        return False
    # Not save(): `saved_at` must go on saying when its owner last worked on it.
    ServiceRequest.objects.filter(pk=number).update(nudged_at=calendar.now())
    notifications.tell_of_draft(row, ends_on(row))
    return True


def _still(number: int, age: timedelta) -> Any:
    rows = ServiceRequest.objects.drafts_left_before(calendar.now() - age).filter(pk=number)
    return rows.select_for_update(of=("self",), skip_locked=True)


def _drop(draft: ServiceRequest) -> bool:
    papers = [paper.file for paper in draft.attachments.in_basket("").select_related("file")]
    key, requester = draft.key, draft.requester_id
    if not ServiceRequest.objects.filter(pk=draft.pk, state=State.DRAFT).delete()[0]:
        return False
    for paper in papers:
        files.discard(paper)
    if requester is not None:
        DroppedDraft.objects.get_or_create(key=key, defaults={"requester_id": requester})
    return True
