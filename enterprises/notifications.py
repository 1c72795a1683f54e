"""What this room tells, and to whom; the texts stand in templates/notifications/texts/enterprises.*/."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.models import Event
from enterprises.models import Enterprise, Invitation, Licence, Membership
from notifications import outbox
from notifications.kinds import Kind, declare, name_topic
from notifications.models import Notification
from notifications.outbox import Letter

name_topic("enterprises", _("Enterprise and colleagues"))


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


MERGED = declare(
    Kind("enterprises.merged", _("Two entries of your enterprise have become one"), can_be_stopped=False)
)
UNMERGED = declare(
    Kind("enterprises.unmerged", _("Two entries of your enterprise are apart again"), can_be_stopped=False)
)


def _may_still_answer(notification: Notification) -> bool:
    owners = Membership.objects.owners().filter(enterprise=notification.enterprise_id)
    return owners.filter(user=notification.recipient_id).exists()


MANDATE_ENDS = declare(
    Kind("enterprises.mandate_ends", _("The mandate of an agent ends"), can_be_stopped=False)
)
JOIN_ASKED = declare(
    Kind("enterprises.join_asked", _("Someone asks to act for your enterprise"), still_due=_may_still_answer)
)
JOIN_SETTLED = declare(
    Kind("enterprises.join_settled", _("Your request to join was answered"), can_be_stopped=False)
)


def _licence_waits(notification: Notification) -> bool:
    waiting = Licence.objects.waiting().filter(enterprise__uscc=notification.subject_code)
    return waiting.exists() and any(person.pk == notification.recipient_id for person in _checkers())


LICENCE_SENT = declare(
    Kind(
        "enterprises.licence_sent",
        _("A licence is to be checked"),
        audience="staff",
        still_due=_licence_waits,
    )
)


def tell_checkers(enterprise: Enterprise, event: Event) -> None:
    """Tell the staff who set proof levels in this region that a licence waits at the desk."""
    letters = [
        Letter(
            key=str(event.pk),
            recipient=person,
            subject_code=enterprise.uscc,
            url=reverse("admin:enterprises_enterprise_change", args=[enterprise.pk]),
            context={"name": enterprise.name, "uscc": enterprise.uscc},
        )
        for person in _checkers()
        if Enterprise.objects.in_scope_of(person).filter(pk=enterprise.pk).exists()
    ]
    outbox.post(LICENCE_SENT, *letters)


def _checkers() -> list[Any]:
    people = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    given = Q(codename="set_proof_level", content_type__app_label="enterprises")
    granted = Permission.objects.filter(given)
    may = Q(groups__permissions__in=granted) | Q(user_permissions__in=granted)
    return list(people.filter(may).distinct().order_by("pk"))


def post(
    kind: Kind, enterprise: Enterprise | None, reader: Any, event: Event, *, context: dict[str, Any]
) -> None:
    """Tell one person about one event; the link leads to their enterprise page."""
    post_once(kind, enterprise, reader, str(event.pk), context=context)


def post_once(
    kind: Kind, enterprise: Enterprise | None, reader: Any, key: str, *, context: dict[str, Any]
) -> None:
    """Tell one person, once for each `key`; the link leads to their enterprise page."""
    letter = Letter(
        key=key,
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
            "expires_on": calendar.day_of(invitation.expires_at).isoformat(),
            "accept_link": f"{settings.PUBLIC_URL}{path}",
        },
    )
    outbox.post(INVITED, letter)
