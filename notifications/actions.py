"""What readers and staff do with notifications."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now

from core import audit, wake
from notifications import outbox
from notifications.kinds import Kind, KindNotKnown, find
from notifications.models import Delivery, Notification, Preference, StoppedAddress


def mark_read(notification: Notification) -> None:
    """Mark one as read; reading it again keeps the first time. The door has scoped it to its reader."""
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=Now())


def mark_all_read(user: Any) -> int:
    """Mark everything in this person's inbox as read; return how many were unread."""
    return Notification.objects.for_user(user).unread().order_by().update(read_at=Now())


def set_preferences(user: Any, *, wanted: Mapping[str, bool], channel: str = "email") -> None:
    """Store which kinds (by code) this person wants by one channel; what cannot be stopped is left out."""
    rows = [
        Preference(user=user, kind=code, channel=channel, wanted=is_wanted)
        for code, is_wanted in wanted.items()
        if find(code).can_be_stopped
    ]
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["wanted"],
    )


def stop(notification: Notification) -> Kind | None:
    """Stop mails of this notification's kind to its reader; None when the kind cannot be stopped.

    Whoever holds the signed link of the mail may do it, without sign-in.
    """
    kind = stoppable(notification)
    if kind is None:
        return None
    if notification.recipient_id:
        set_preferences(notification.recipient, wanted={kind.code: False})
    else:
        StoppedAddress.objects.get_or_create(address=notification.address.lower(), kind=kind.code)
    return kind


def stoppable(notification: Notification) -> Kind | None:
    """Return the kind of a notification if its reader may stop it."""
    try:
        kind = find(notification.kind)
    except KindNotKnown:
        return None
    return kind if kind.can_be_stopped else None


def retry(delivery: Delivery, *, by: Any) -> Delivery:
    """Send a failed delivery again; staff with the permission notifications.retry may.

    A delivery that has not failed is left alone. Raises PermissionDenied.
    """
    if not by.has_perm("notifications.retry"):
        raise PermissionDenied
    with transaction.atomic():
        changed = Delivery.objects.failed().filter(pk=delivery.pk)
        if changed.update(state=Delivery.State.PENDING, due_at=Now(), attempts=0, error="", done_at=None):
            audit.record(delivery, "retry", by=by, before="failed", after="pending")
            wake.knock(outbox.DELIVER)
    delivery.refresh_from_db()
    return delivery
