"""Two requests become one, or one becomes two. Either can be undone for some days."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from core.lifecycle import TransitionRefused
from services.catalogue.models import Offering
from services.requests import merging, notifications, sla, thread
from services.requests.actions import owner
from services.requests.actions.row import locked_row, moment, needs_triage
from services.requests.lifecycle import REQUEST
from services.requests.models import UNDO_DAYS, Merge, ServiceRequest


@transaction.atomic
def merge(service_request: ServiceRequest, other: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Join `other` to this request: its thread comes over, its number leads here; the other side is told.

    Both must be open and belong to the same side. Raises ValidationError naming `other` when they do not.
    """
    needs_triage(by)
    first, second = sorted((service_request, other), key=lambda row: row.pk)
    rows = {row.pk: row for row in (locked_row(first), locked_row(second))}
    kept, joined = rows[service_request.pk], rows[other.pk]
    _check_together(kept, joined)
    joined = REQUEST.apply(joined, "join", by=by, data={"into": kept.pk}, merged_into=kept, **sla.STOPPED)
    thread.let_go(joined)
    moved = merging.move(joined, kept)
    Merge.objects.create(kept=kept, joined=joined, moved=moved, merged_by=by)
    audit.record(kept, "merge", by=by, data={"joined": joined.pk})
    notifications.tell_owner(notifications.MERGED, joined, moment(joined), kept=kept.reference)
    return kept


@transaction.atomic
def unmerge(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Undo the merge of a joined request within seven days: it is in work again, with its own thread."""
    needs_triage(by)
    done = can_be_undone(service_request)
    if done is None:
        raise TransitionRefused("state", "unmerge", service_request.state)
    kept, row = locked_row(done.kept), locked_row(done.joined)
    row = REQUEST.apply(row, "part", by=by, data={"from": kept.pk}, merged_into=None)
    if row.holder:
        thread.hand_to(row, row.holder, by=by)
    merging.move_back(done.moved, row)
    done.undone_at = calendar.now()
    done.save(update_fields=["undone_at"])
    audit.record(kept, "unmerge", by=by, data={"joined": row.pk})
    notifications.tell_owner(notifications.UNMERGED, row, moment(row), kept=kept.reference)
    return row


@transaction.atomic
def split(
    service_request: ServiceRequest, subject: str, body: str, offering: Offering | None = None, *, by: Any
) -> ServiceRequest:
    """Make a request of its own of a part of this one; the other side gets its receipt with a new number."""
    needs_triage(by)
    row = locked_row(service_request)
    if not row.is_open:
        raise TransitionRefused("state", "split", row.state)
    part = ServiceRequest.objects.create(
        enterprise=row.enterprise,
        requester=row.requester,
        offering=offering if row.enterprise else None,
        group=offering.group if offering else row.group,
        region=row.region,
        subject=subject,
        body=body,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        contact_phone=row.contact_phone,
        language=row.language,
        is_free=offering.is_free if offering else True,
        is_sample=row.is_sample,
        split_from=row,
    )
    part = owner.submit(part, by=by)
    audit.record(row, "split", by=by, data={"into": part.pk})
    return part


@transaction.atomic
def unsplit(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Undo a split within seven days: the part goes back, with what was written in it; return the first one.

    It is a merge, so the part's number leads to the first one, and this can be undone in turn.
    """
    needs_triage(by)
    first = service_request.split_from
    if first is None or not may_go_back(service_request, calendar.now()):
        raise TransitionRefused("state", "unsplit", service_request.state)
    return merge(first, service_request, by=by)


def may_go_back(service_request: ServiceRequest, at: datetime) -> bool:
    """Tell whether a part is so fresh, and both so open, that its splitting off can be undone."""
    first, since = service_request.split_from, service_request.submitted_at
    return (
        first is not None
        and since is not None
        and since >= at - timedelta(days=UNDO_DAYS)
        and first.is_open
        and service_request.is_open
    )


def can_be_undone(service_request: ServiceRequest) -> Merge | None:
    """Return the merge of a joined request that may still be undone."""
    found = Merge.objects.to_undo(calendar.now()).filter(joined=service_request)
    return found.select_related("kept", "joined").first()


def _check_together(kept: ServiceRequest, joined: ServiceRequest) -> None:
    if kept.pk == joined.pk:
        raise ValidationError({"other": _("This is the same request.")})
    if not (kept.is_open and joined.is_open):
        raise ValidationError({"other": _("Both requests must be open.")})
    if not _same_side(kept, joined):
        raise ValidationError({"other": _("The two requests are not from the same enterprise or person.")})


def _same_side(one: ServiceRequest, other: ServiceRequest) -> bool:
    if one.enterprise_id or other.enterprise_id:
        return one.enterprise_id == other.enterprise_id
    if one.requester_id or other.requester_id:
        return one.requester_id == other.requester_id
    return one.contact_email != "" and one.contact_email == other.contact_email
