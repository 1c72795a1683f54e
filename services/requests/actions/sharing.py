"""Agree that a provider is given parts of a request, take it back, and ask for it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from core.lifecycle import TransitionRefused
from services.requests import notifications, sharing
from services.requests.actions.row import locked_row, moment, needs_triage
from services.requests.models import Part, ServiceRequest, Sharing


@transaction.atomic
def agree_to_share(service_request: ServiceRequest, parts: list[str], *, by: Any) -> Sharing:
    """Let the provider have these parts; a new agreement takes the place of the one before.

    Owners and editors may, and get a receipt. Raises TransitionRefused once the request is settled, or where
    no outside provider is concerned, and ValidationError for no part or an unknown one.
    """
    row = locked_row(service_request)
    provider = sharing.outside(row)
    if provider is None or not row.is_open:
        raise TransitionRefused("state", "agree_to_share", row.state)
    if not parts or set(parts) - set(Part.values):
        raise ValidationError({"parts": _("Choose at least one of the parts.")})
    Sharing.objects.standing().filter(service_request=row).update(revoked_at=calendar.now(), revoked_by=by)
    given = [part for part in Part.values if part in parts]
    found = Sharing.objects.create(service_request=row, provider=provider, parts=given, agreed_by=by)
    audit.record(row, "agree_to_share", by=by, data={"provider": provider.pk, "parts": given})
    notifications.tell_of_sharing(row, found, moment(row))
    return found


@transaction.atomic
def revoke_sharing(service_request: ServiceRequest, *, by: Any) -> bool:
    """Take the agreement back; return whether there was one. Whoever holds the request is told."""
    row = locked_row(service_request)
    found = sharing.standing(row)
    if found is None:
        return False
    found.revoked_at, found.revoked_by = calendar.now(), by
    found.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(row, "revoke_sharing", by=by, data={"provider": found.provider_id})
    holders = [row.holder] if row.holder else []
    notifications.tell_staff(
        notifications.SHARING_REVOKED, row, holders, moment(row), with_provider=bool(row.with_provider_at)
    )
    return True


@transaction.atomic
def ask_to_share(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Ask the enterprise whether its provider may be given the request. Staff who triage may."""
    needs_triage(by)
    row = locked_row(service_request)
    if not row.is_open or sharing.is_agreed(row):
        raise TransitionRefused("state", "ask_to_share", row.state)
    audit.record(row, "ask_to_share", by=by)
    notifications.tell_to_share(row, sharing.outside(row), moment(row))
    return row
