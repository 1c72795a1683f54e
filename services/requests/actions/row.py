"""What every verb needs: the row read again under lock, its moment's name, the right to triage, why not."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from core import audit
from services.requests.lifecycle import TRIAGE
from services.requests.models import ServiceRequest
from services.requests.staffing import NobodyThere


def locked_row(service_request: ServiceRequest) -> ServiceRequest:
    """Return the request as it stands in the database, locked until the transaction ends."""
    return ServiceRequest.objects.select_for_update(of=("self",)).get(pk=service_request.pk)


def moment(row: ServiceRequest) -> str:
    """Name this moment of a request by its newest event, so that a letter about it is written once."""
    return f"event {audit.history(row).values_list('pk', flat=True).first()}"


def needs_triage(by: Any) -> None:
    if not by.has_perm(TRIAGE):
        raise PermissionDenied


def why_not(refused: NobodyThere) -> str:
    """Say why somebody cannot take it, and who can."""
    load, next_one = refused.load, refused.next_one
    if refused.code == "full" and load.tasks:
        why = _("%(who)s has %(open)s open requests and %(tasks)s tasks, of at most %(limit)s together.") % {
            "who": load.person,
            "open": load.open,
            "tasks": load.tasks,
            "limit": load.limit,
        }
    elif refused.code == "full":
        why = _("%(who)s has %(open)s of at most %(limit)s open requests.") % {
            "who": load.person,
            "open": load.open,
            "limit": load.limit,
        }
    else:
        why = _("%(who)s is away until %(day)s, and nobody who stands in can take it.") % {
            "who": load.person,
            "day": load.away_until,
        }
    if next_one is None:
        return why
    return (
        why + " " + _("%(who)s has room (%(open)s open).") % {"who": next_one.person, "open": next_one.open}
    )
