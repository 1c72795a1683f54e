"""Whether a message still has its point at the moment it would be sent."""

from notifications.channels import NotWanted
from notifications.kinds import Kind
from notifications.models import Delivery, Notification, Preference, StoppedAddress
from notifications.suppression import address_of, suppressed


def check_wanted(delivery: Delivery, kind: Kind) -> None:
    """Raise NotWanted when the message has lost its point since it was written."""
    notification = delivery.notification
    reader = notification.recipient
    if reader is not None and not reader.is_active:
        raise NotWanted("the account is closed")
    if kind.can_be_stopped and _has_stopped(notification, delivery.channel):
        raise NotWanted("stopped by the reader")
    if delivery.channel == "sms" and not _has_chosen(notification, delivery.channel):
        raise NotWanted("not chosen by the reader")
    # Who asks for a link or a code at this moment believes that the address works.
    if delivery.channel == "email" and not kind.secret and suppressed([address_of(notification)]):
        raise NotWanted("the address takes no mail")
    if not kind.still_due(notification):
        raise NotWanted("no longer due")


def _has_stopped(notification: Notification, channel: str) -> bool:
    if notification.recipient_id:
        return Preference.objects.filter(
            user=notification.recipient_id, kind=notification.kind, channel=channel, wanted=False
        ).exists()
    return StoppedAddress.objects.filter(
        address=notification.address.lower(), kind__in=["", notification.kind]
    ).exists()


def _has_chosen(notification: Notification, channel: str) -> bool:
    return Preference.objects.filter(
        user=notification.recipient_id, kind=notification.kind, channel=channel, wanted=True
    ).exists()
