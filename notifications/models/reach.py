"""Whom mail does not reach, or who does not open it, and who is called instead."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SuppressedAddress(models.Model):
    """An address that has refused mail for good; see `notifications.suppression`."""

    class State(models.TextChoices):
        WATCHED = "watched", _("refused once, still written to")
        SUPPRESSED = "suppressed", _("nothing is sent there")
        LIFTED = "lifted", _("written to again")

    address = models.CharField(_("address"), max_length=254, unique=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WATCHED)
    refusals = models.PositiveIntegerField(_("refusals"), default=0)
    reason = models.CharField(_("last reason"), max_length=300, blank=True)
    since = models.DateTimeField(_("first refused at"), db_default=Now())

    class Meta:
        verbose_name = _("address that takes no mail")
        verbose_name_plural = _("addresses that take no mail")
        permissions = [("lift_suppression", _("Can have an address written to again"))]
        constraints = [
            models.CheckConstraint(
                name="suppressed_address_known_state",
                condition=models.Q(state__in=["watched", "suppressed", "lifted"]),
            ),
        ]

    def __str__(self) -> str:
        return self.address


class ContactTask(models.Model):
    """Somebody whom mail does not reach, or who opens none, is to be called; one open for each address."""

    class State(models.TextChoices):
        OPEN = "open", _("to be called")
        DONE = "done", _("done")

    class Cause(models.TextChoices):
        REFUSED = "refused", _("mail comes back")
        UNOPENED = "unopened", _("three deadlines in a row were not opened")

    cause = models.CharField(
        _("cause"), max_length=10, choices=Cause.choices, default=Cause.REFUSED, db_default="refused"
    )
    address = models.CharField(_("address"), max_length=254)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reader"),
    )
    subject_code = models.CharField(_("about"), max_length=80, blank=True)
    # A plain number, as in Notification: this room lies below enterprises.
    enterprise_id = models.BigIntegerField(_("enterprise number"), null=True)
    why = models.CharField(_("why"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened at"), db_default=Now())
    done_at = models.DateTimeField(_("done at"), null=True)
    handed_out_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("call to make")
        verbose_name_plural = _("calls to make")
        permissions = [("settle_contact", _("Can mark a call as done"))]
        indexes = [
            models.Index(
                fields=["id"],
                name="contact_task_to_hand_out",
                condition=models.Q(state="open", handed_out_at=None),
            ),
            models.Index(fields=["recipient", "done_at"], name="contact_task_of_reader"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_task_known_cause", condition=models.Q(cause__in=["refused", "unopened"])
            ),
            models.CheckConstraint(
                name="contact_task_known_state", condition=models.Q(state__in=["open", "done"])
            ),
            models.UniqueConstraint(
                fields=["address"], condition=models.Q(state="open"), name="contact_task_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.address
