"""Put files and links beside answers, and take them away again until an expert has seen them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Sum

from core import audit, calendar, files, filetypes
from core.files import FileRefused, Purpose
from core.filetypes import MEGABYTE
from services.assessments import notifications
from services.assessments.models import Assessment, Evidence, State

EVIDENCE = Purpose("assessments.evidence")
PER_ITEM = 10
ROUND_MEGABYTES = 100


class TooMuchEvidence(ValueError):
    """An answer has as many files and links as it may."""


class EvidenceKept(ValueError):
    """An expert has recorded a visit to this round; what was seen stays."""


def add_file(assessment: Assessment, item: str, upload: Any, *, note: str = "", by: Any) -> Evidence:
    """Keep a file beside an answer; it can be opened once the scanner has let it through.

    Raises FileRefused with words, TooMuchEvidence, or ValueError for a dropped round or an unknown item.
    """
    _check_room(assessment, item, upload)
    return _add(assessment, item, by=by, file=files.accept(upload, purpose=EVIDENCE, by=by), note=note)


def add_link(assessment: Assessment, item: str, link: str, *, note: str = "", by: Any) -> Evidence:
    """Keep an address beside an answer; we never open it. Raises like `add_file`."""
    return _add(assessment, item, by=by, link=link, note=note)


def remove_evidence(row: Evidence, *, by: Any) -> None:
    """Delete a file or link for good. Raises EvidenceKept once an expert has verified the round."""
    with transaction.atomic():
        Assessment.objects.select_for_update(of=("self",)).get(pk=row.assessment_id)
        if row.assessment.verifications.exists():
            raise EvidenceKept
        audit.record(row.assessment, "remove_evidence", by=by, data={"item": row.item, "evidence": row.pk})
        _delete(row)


def forget_evidence(assessment: Assessment) -> None:
    """Delete all evidence of a round that is dropped; called inside its transaction."""
    for row in assessment.evidence.select_related("file"):
        _delete(row)


def tell_blocked() -> int:
    """Tell of every file the scanner has blocked, once; return how many letters were new."""
    numbers = list(Evidence.objects.blocked().order_by("pk").values_list("pk", flat=True)[:200])
    return sum(_tell(number) for number in numbers)


@transaction.atomic
def _tell(number: int) -> int:
    rows = Evidence.objects.blocked().select_for_update(of=("self",), skip_locked=True)
    row = (
        rows.select_related("file", "assessment__enterprise", "assessment__version").filter(pk=number).first()
    )
    if row is None:
        return 0
    row.told_at = calendar.now()
    row.save(update_fields=["told_at"])
    return notifications.tell_blocked(row)


def _delete(row: Evidence) -> None:
    stored = row.file
    row.delete()
    if stored is not None:
        files.discard(stored)


def _check_room(assessment: Assessment, item: str, upload: Any) -> None:
    """Refuse before the bytes are written; `_add` counts again under the lock."""
    if assessment.evidence.filter(item=item).count() >= PER_ITEM:
        raise TooMuchEvidence
    held = assessment.evidence.aggregate(size=Sum("file__size"))["size"] or 0
    if held + upload.size > ROUND_MEGABYTES * MEGABYTE:
        raise FileRefused("quota", filetypes.clean_name(upload.name or ""), limit=ROUND_MEGABYTES)


@transaction.atomic
def _add(assessment: Assessment, item: str, *, by: Any, **what: Any) -> Evidence:
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if locked.state == State.DISCARDED or item not in assessment.framework.items:
        raise ValueError("evidence stands beside an answer of a round")
    if locked.evidence.filter(item=item).count() >= PER_ITEM:
        raise TooMuchEvidence
    row = Evidence.objects.create(assessment=assessment, item=item, added_by=by, **what)
    audit.record(assessment, "add_evidence", by=by, data={"item": item, "evidence": row.pk})
    return row
