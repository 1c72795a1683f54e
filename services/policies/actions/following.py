"""What an enterprise says of an item or notice: saved, applied for, obtained, or not for us."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from core import audit
from enterprises.models import Enterprise
from services.policies.models import ItemMark, PolicyItem, PolicyNotice


@transaction.atomic
def mark(
    enterprise: Enterprise,
    notice: PolicyNotice,
    item: PolicyItem | None = None,
    *,
    standing: str,
    by: Any,
    reason: str = "",
    words: str = "",
) -> ItemMark:
    """Say how an item (or a notice without items) stands to an enterprise; a second word replaces the first.

    Owners and editors may. "dismissed" needs a `reason` of `ItemMark.Reason`; the database refuses it
    otherwise, and a reason with anything else.
    """
    before = _standing(enterprise, notice, item)
    found, _made = ItemMark.objects.update_or_create(
        enterprise=enterprise,
        notice=notice,
        item=item,
        defaults={"standing": standing, "reason": reason, "words": words, "by": by, "marked_at": Now()},
    )
    if before != standing:
        _record(found, "mark", by=by, before=before, after=standing, reason=reason)
    return found


@transaction.atomic
def unmark(enterprise: Enterprise, notice: PolicyNotice, item: PolicyItem | None = None, *, by: Any) -> None:
    """Take back whatever was said; saying it again later begins anew. Owners and editors may."""
    found = _marks(enterprise, notice, item).select_for_update().first()
    if found is not None:
        _record(found, "unmark", by=by, before=found.standing, after="", reason="")
        found.delete()


def _marks(enterprise: Enterprise, notice: PolicyNotice, item: PolicyItem | None) -> Any:
    return ItemMark.objects.filter(enterprise=enterprise, notice=notice, item=item)


def _standing(enterprise: Enterprise, notice: PolicyNotice, item: PolicyItem | None) -> str:
    return _marks(enterprise, notice, item).values_list("standing", flat=True).first() or ""


def _record(found: ItemMark, verb: str, *, by: Any, before: str, after: str, reason: str) -> None:
    data = {"notice": found.notice_id, "item": found.item_id, "reason": reason}
    audit.record(found, verb, by=by, before=before, after=after, data=data)
