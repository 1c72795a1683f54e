"""Whether a letter is still true by the time it leaves."""

from typing import Any

from enterprises.models import Membership
from notifications.models import Notification
from services.requests.models import (
    OPEN_STATES,
    RUNNING_STATES,
    Assignment,
    ServiceRequest,
    Sharing,
    State,
)


def reader_still_acts(notification: Notification) -> bool:
    """Tell whether the reader still acts for the enterprise the letter is about."""
    reader, enterprise = notification.recipient_id, notification.enterprise_id
    if reader is None or enterprise is None:
        return True
    return Membership.objects.current().filter(user=reader, enterprise=enterprise).exists()


def still_waits(notification: Notification) -> bool:
    return reader_still_acts(notification) and _about(notification).filter(state=State.WAITING).exists()


def nobody_has_it_yet(notification: Notification) -> bool:
    return _in_scope(notification).filter(state=State.SUBMITTED).exists()


def nobody_holds_it(notification: Notification) -> bool:
    return _in_scope(notification).filter(state__in=OPEN_STATES, holder=None).exists()


def is_running_still(notification: Notification) -> bool:
    return _in_scope(notification).filter(state__in=RUNNING_STATES).exists()


def is_still_held(notification: Notification) -> bool:
    return _in_scope(notification).filter(holder=notification.recipient_id).exists()


def is_in_scope_still(notification: Notification) -> bool:
    return _in_scope(notification).exists()


def has_a_task(notification: Notification) -> bool:
    """Tell whether the reader still has a task in the request."""
    return (
        Assignment.objects.given()
        .filter(holder=notification.recipient_id, service_request__in=_in_scope(notification))
        .exists()
    )


def a_task_is_open(notification: Notification) -> bool:
    return Assignment.objects.given().filter(service_request__in=_in_scope(notification)).exists()


def is_staff_still(notification: Notification) -> bool:
    reader = notification.recipient
    return reader is not None and reader.is_active and reader.is_staff


def draft_still_waits(notification: Notification) -> bool:
    """Tell whether the draft is still there and nobody has gone on with it since the reminder."""
    drafts = ServiceRequest.objects.filter(key=notification.subject_code, state=State.DRAFT)
    return reader_still_acts(notification) and drafts.exclude(nudged_at=None).exists()


def is_not_agreed_yet(notification: Notification) -> bool:
    """Tell whether the open request has no agreement yet."""
    rows = _about(notification).filter(state__in=OPEN_STATES)
    return reader_still_acts(notification) and rows.exclude(sharings__in=Sharing.objects.standing()).exists()


def effect_still_open(notification: Notification) -> bool:
    """Tell whether nobody of the enterprise has said yet what came of the service."""
    rows = _about(notification).filter(effect__isnull=False, effect__answered_at=None)
    return reader_still_acts(notification) and rows.exists()


def follows_still(notification: Notification) -> bool:
    """Tell whether the reader still follows the request, as someone of the enterprise."""
    rows = _about(notification).filter(followers__user=notification.recipient_id)
    return reader_still_acts(notification) and rows.exists()


def _about(notification: Notification) -> Any:
    return ServiceRequest.objects.filter(reference=notification.subject_code)


def _in_scope(notification: Notification) -> Any:
    if notification.is_for_robot:
        return ServiceRequest.objects.submitted().filter(reference=notification.subject_code)
    reader = notification.recipient
    if reader is None or not (reader.is_active and reader.is_staff):
        return ServiceRequest.objects.none()
    return ServiceRequest.objects.on_desk_of(reader).filter(reference=notification.subject_code)
