"""Addresses that take no mail.

An address that refuses for good, or sends a message back, is watched; at the second time it is suppressed:
nothing more is sent there, and staff get the task to call its reader. The inbox goes on having everything.
Staff may lift it with a reason.
"""

from collections.abc import Iterable

from django.db import transaction

from notifications.lifecycle import SUPPRESSION
from notifications.models import ContactTask, Notification, SuppressedAddress

# One refusal may be a mail server's bad hour.
ENOUGH = 2
State = SuppressedAddress.State


def suppressed(addresses: Iterable[str]) -> set[str]:
    """Return which of these addresses nothing is sent to, in lower case; one query."""
    wanted = {address.lower() for address in addresses}
    rows = SuppressedAddress.objects.filter(address__in=wanted, state=State.SUPPRESSED)
    return set(rows.values_list("address", flat=True))


@transaction.atomic
def note_refusal(notification: Notification, *, reason: str) -> bool:
    """Count one refusal for good of this notification's address; return whether it is suppressed now.

    With the suppression comes one open task for staff to call the reader.
    """
    address = address_of(notification)
    SuppressedAddress.objects.bulk_create([SuppressedAddress(address=address)], ignore_conflicts=True)
    row = SuppressedAddress.objects.select_for_update().get(address=address)
    row.refusals += 1
    row.reason = reason[:300]
    row.save(update_fields=["refusals", "reason"])
    if row.refusals < ENOUGH or row.state == State.SUPPRESSED:
        return row.state == State.SUPPRESSED
    SUPPRESSION.apply(row, "suppress", by=None, reason=reason)
    ContactTask.objects.bulk_create(
        [
            ContactTask(
                address=address,
                recipient=notification.recipient,
                subject_code=notification.subject_code,
                enterprise_id=notification.enterprise_id,
                why=reason[:300],
            )
        ],
        ignore_conflicts=True,
    )
    return True


def address_of(notification: Notification) -> str:
    """Return where a notification goes, in lower case."""
    return (notification.recipient.email if notification.recipient else notification.address).lower()
