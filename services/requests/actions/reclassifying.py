"""Put a request under the service it is really about: its queue and its promise follow."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, calendar, workdays
from core.lifecycle import TransitionRefused
from services.catalogue.models import Offering
from services.requests import notifications, sla
from services.requests.actions.row import locked_row, moment, needs_triage
from services.requests.entitlement import Hindrance, hindrance
from services.requests.models import ServiceRequest

QUESTION = "question"
WHY_NOT = {
    Hindrance.ENTERPRISE: gettext_lazy("A question without an enterprise stays a question."),
    Hindrance.PROOF: gettext_lazy("The enterprise is not verified for this service yet."),
    Hindrance.RETIRED: gettext_lazy("This service is not offered any more."),
    Hindrance.PAUSED: gettext_lazy("This service takes no new requests at present."),
    Hindrance.CONDITIONS: gettext_lazy("By what we know, the enterprise does not meet a condition of it."),
}


@transaction.atomic
def reclassify(
    service_request: ServiceRequest, offering: Offering | None = None, group: str = "", *, by: Any
) -> ServiceRequest:
    """Make an open request one for `offering`, or a question in the queue `group`; the enterprise is told.

    The promise grows or shrinks by what the two services differ in, and never ends before today. Raises
    ValidationError for what the enterprise cannot ask for, and where nothing would change.
    """
    needs_triage(by)
    row = locked_row(service_request)
    if not row.is_open:
        raise TransitionRefused("state", "reclassify", row.state)
    group = offering.group if offering else group or row.group
    _check(row, offering, group)
    before, promised = row.offering, sla.turnaround(row)
    row.offering, row.group, row.is_free = offering, group, offering.is_free if offering else True
    fields = {"offering", "group", "is_free", *_new_clock(row, sla.turnaround(row) - promised)}
    row.save(update_fields=fields)
    audit.record(
        row,
        "reclassify",
        by=by,
        before=before.slug if before else QUESTION,
        after=offering.slug if offering else QUESTION,
    )
    notifications.tell_owner(
        notifications.RECLASSIFIED,
        row,
        moment(row),
        was_zh=before.name_zh if before else "",
        was_en=before.name_en if before else "",
        due=row.due_on_text,
    )
    return row


def _check(row: ServiceRequest, offering: Offering | None, group: str) -> None:
    if (row.offering, row.group) == (offering, group):
        raise ValidationError({"offering": _("It is this already.")})
    if reason := hindrance(offering, row.enterprise):
        raise ValidationError({"offering": WHY_NOT[reason]})


def _new_clock(row: ServiceRequest, more: int) -> set[str]:
    """Move the clock by so many working days; return the names of the fields that changed."""
    if row.clock_from is None or not more:
        return set()
    working = calendar.present()
    used = workdays.between(row.clock_from, calendar.today(), working)
    row.clock_days = max((row.clock_days or 0) + more, used, 0)
    changes = sla.recounted(row, working)
    for name, value in changes.items():
        setattr(row, name, value)
    return {"clock_days", *changes}
