"""Who acts for an enterprise: members, agents, invitations, requests to join, claims."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models.enterprises import Enterprise, acting_now


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(acting_now())

    def lapsed(self) -> "MembershipQuerySet":
        """Return the mandates that are past their end and whose rows nobody has closed yet."""
        return self.filter(ended_at=None, mandate_ends_at__lte=Now())

    def owners(self) -> "MembershipQuerySet":
        return self.current().filter(role=Membership.Role.OWNER)


class Membership(models.Model):
    """A person acts for an enterprise; an ended row stays as history.

    An agent or accountant acts by a mandate: `agency` is the firm they work for, `mandate_ends_at` the moment
    from which they stand outside. They never own the enterprise; its owners end or prolong the mandate.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    began_at = models.DateTimeField(_("since"), db_default=Now())
    ended_at = models.DateTimeField(_("until"), null=True)
    agency = models.CharField(
        _("agency of the mandate"), max_length=100, blank=True, default="", db_default=""
    )
    mandate_ends_at = models.DateTimeField(_("mandate until"), null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"],
                condition=models.Q(ended_at=None),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                name="membership_mandate_whole",
                condition=models.Q(agency="", mandate_ends_at=None)
                | ~models.Q(agency="") & models.Q(mandate_ends_at__isnull=False) & ~models.Q(role="owner"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["mandate_ends_at"],
                name="membership_mandates",
                condition=models.Q(ended_at=None, mandate_ends_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.enterprise}"

    @property
    def may_write(self) -> bool:
        return self.role in {self.Role.OWNER, self.Role.EDITOR}

    @property
    def mandate_last_day(self) -> date | None:
        """Give the last day of a mandate, which still counts; None without one."""
        ends = self.mandate_ends_at
        return timezone.localtime(ends - timedelta(seconds=1)).date() if ends else None

    @property
    def is_agent(self) -> bool:
        """Tell whether the person acts by a mandate and does not belong to the enterprise."""
        return bool(self.agency)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Return what is neither accepted nor revoked, expired ones included."""
        return self.filter(accepted_at=None, revoked_at=None)

    def valid(self) -> "InvitationQuerySet":
        """Return what can be accepted now, by the database's clock."""
        return self.open().filter(expires_at__gt=Now())

    def waiting_for(self, user: Any) -> "InvitationQuerySet":
        """Return the open invitations to this person's confirmed address that have not expired."""
        return self.valid().filter(email__iexact=user.email)


class Invitation(models.Model):
    """An invitation by mail to act for an enterprise.

    Only the hash of its token is stored: the token itself stands in the mail alone, is single use
    and expires. `key` names the invitation to those who may see it anyway.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    agency = models.CharField(
        _("agency of the mandate"), max_length=100, blank=True, default="", db_default=""
    )
    mandate_ends_at = models.DateTimeField(_("mandate until"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"

    @property
    def is_open(self) -> bool:
        """Tell whether it can be accepted, for pages; accepting asks the database's clock."""
        return not self.accepted_at and not self.revoked_at and self.expires_at > timezone.now()


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def open(self) -> "JoinRequestQuerySet":
        """Return what can still be answered, by the database's clock."""
        return self.filter(state=JoinRequest.State.OPEN, expires_at__gt=Now())


class JoinRequest(models.Model):
    """Someone asks the owners of an enterprise to let them act for it.

    `enterprise` is None while nobody has registered the credit code: the person must not learn which codes
    are taken, so both rows look alike to them.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a request to join", "asked")
        ACCEPTED = "accepted", pgettext_lazy("state of a request to join", "accepted")
        REFUSED = "refused", pgettext_lazy("state of a request to join", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a request to join", "withdrawn")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    uscc = models.CharField(_("unified social credit code"), max_length=18)
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.CASCADE, related_name="join_requests"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("who you are"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.CheckConstraint(
                name="join_request_known_state",
                condition=models.Q(state__in=["open", "accepted", "refused", "withdrawn"]),
            ),
            models.UniqueConstraint(
                fields=["uscc", "asked_by"], condition=models.Q(state="open"), name="join_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by} {self.state}"


class Claim(models.Model):
    """Someone registered a credit code that is taken; staff settle whose enterprise it is."""

    class State(models.TextChoices):
        OPEN = "open", _("to be checked")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="claims")
    claimant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(_("what was entered"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    claimed_at = models.DateTimeField(_("claimed at"), db_default=Now())
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        permissions = [("settle_claim", _("Can settle a claim"))]
        constraints = [
            models.CheckConstraint(
                name="claim_known_state", condition=models.Q(state__in=["open", "accepted", "refused"])
            ),
            models.UniqueConstraint(
                fields=["enterprise", "claimant"], condition=models.Q(state="open"), name="claim_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.state}"
