"""What this room tells, and to whom; the texts stand in templates/notifications/texts/enterprises.*/."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.models import Event
from enterprises.models import Enterprise, Invitation, Membership
from notifications import outbox
from notifications.kinds import Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter


def _invitation_is_open(notification: Notification) -> bool:
    return Invitation.objects.open().filter(key=notification.subject_code).exists()


def _is_member(notification: Notification) -> bool:
    return (
        Membership.objects.current()
        .filter(enterprise=notification.enterprise_id, user=notification.recipient_id)
        .exists()
    )


REGISTERED = declare(Kind("enterprises.registered", _("Your registration has arrived"), can_be_stopped=False))
CLAIM_RECEIVED = declare(
    Kind(
        "enterprises.claim_received", _("Your registration has arrived (to be checked)"), can_be_stopped=False
    )
)
CLAIM_SETTLED = declare(
    Kind("enterprises.claim_settled", _("Your registration has been checked"), can_be_stopped=False)
)
INVITED = declare(
    Kind(
        "enterprises.invited",
        _("Someone invites you to act for an enterprise"),
        audience="visitor",
        in_inbox=False,
        can_be_stopped=False,
        secret=True,
        still_due=_invitation_is_open,
    )
)
MEMBER_ADDED = declare(
    Kind("enterprises.member_added", _("Someone has joined your enterprise"), still_due=_is_member)
)
MEMBER_REMOVED = declare(
    Kind("enterprises.member_removed", _("You no longer act for an enterprise"), can_be_stopped=False)
)
PROOF_CHANGED = declare(
    Kind(
        "enterprises.proof_changed", _("The proof level of your enterprise has changed"), still_due=_is_member
    )
)


def post(
    kind: Kind, enterprise: Enterprise | None, reader: Any, event: Event, *, context: dict[str, Any]
) -> None:
    """Tell one person about one event; the link leads to their enterprise page."""
    letter = Letter(
        key=str(event.pk),
        recipient=reader,
        subject_code=enterprise.uscc if enterprise else "",
        enterprise_id=enterprise.pk if enterprise else None,
        url=reverse("enterprises:home"),
        context=context,
    )
    outbox.post(kind, letter)


def post_invitation(invitation: Invitation, token: str) -> None:
    """Mail the link of an invitation. The link stands in the context alone, which is erased once sent."""
    language = invitation.invited_by.language
    with translation.override(language):
        path = reverse("enterprises:invitation", args=[token])
    letter = Letter(
        key=str(invitation.key),
        address=invitation.email,
        language=language,
        subject_code=str(invitation.key),
        enterprise_id=invitation.enterprise_id,
        context={
            "name": invitation.enterprise.name,
            "inviter": str(invitation.invited_by),
            "role": invitation.role,
            "expires_on": invitation.expires_at.date().isoformat(),
            "accept_link": f"{settings.PUBLIC_URL}{path}",
        },
    )
    outbox.post(INVITED, letter)
