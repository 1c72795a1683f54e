"""What someone should know, and its ways out."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notifications.models.robots import number_in


class NotificationQuerySet(models.QuerySet["Notification"]):
    def for_user(self, user: Any) -> "NotificationQuerySet":
        """Return what is in this person's inbox, newest first."""
        return self.filter(recipient=user, in_inbox=True).order_by("-id")

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing one person (or one address without an account) should know.

    `dedupe_key` makes it exactly once: the database refuses a second row with the same key. The wording of
    the desk that was in use when it was written stays with it; without one, the text is the release's.
    """

    kind = models.CharField(_("kind"), max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("recipient"),
    )
    address = models.CharField(
        _("address"), max_length=254, blank=True, help_text=_("For people without an account.")
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    subject_code = models.CharField(_("about"), max_length=80, blank=True)
    enterprise_id = models.BigIntegerField(_("enterprise number"), null=True)
    url = models.CharField(_("link"), max_length=300, blank=True)
    context = models.JSONField(default=dict, blank=True)
    in_inbox = models.BooleanField(default=True)
    text_version = models.ForeignKey(
        "TextVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("worded as"),
    )
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    read_at = models.DateTimeField(_("read at"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        # A notice is told to very many at once: an index more is paid for by each row.
        indexes = [models.Index(fields=["recipient", "-id"], name="notification_inbox")]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="notification_told_once"),
            models.CheckConstraint(
                name="notification_has_a_reader",
                condition=models.Q(recipient__isnull=False) | ~models.Q(address=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_code}"

    @property
    def is_for_robot(self) -> bool:
        """Tell whether a group chat reads it, and no one person."""
        return number_in(self.address) is not None


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> "DeliveryQuerySet":
        """Return what is on its way: neither held for a digest nor sent, failed or dropped."""
        return self.filter(state__in=OPEN_STATES)

    def due(self) -> "DeliveryQuerySet":
        """Return what may be sent now by the database's clock, lapsed leases included; bulk comes last."""
        return self.open().filter(due_at__lte=Now()).order_by("is_bulk", "due_at", "id")

    def failed(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.FAILED)


class Delivery(models.Model):
    """One notification on its way through one channel.

    pending → leased → sent | failed | dropped; a failure that may pass returns to pending. `due_at` is when
    the row may be taken next: while it is leased, that is the end of the lease. The Message-ID stays the
    same for ever, so a mail repeated after a crash is recognised as the same.
    A *held* one waits for a digest until `due_at`; once `digest` is set it ends as that delivery ends, with
    its Message-ID.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting to be sent")
        LEASED = "leased", _("being sent")
        HELD = "held", _("waiting for a digest")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("no longer due")

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    channel = models.CharField(_("channel"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    leased_until = models.DateTimeField(_("leased until"), null=True)
    lease = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    is_bulk = models.BooleanField(_("one of very many"), default=False)
    message_id = models.CharField(_("message id"), max_length=200, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    bounced_at = models.DateTimeField(_("came back at"), null=True)
    digest = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="members",
        db_index=False,
        verbose_name=_("sent in the digest"),
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once_per_channel"),
        ]
        indexes = [
            models.Index(
                fields=["is_bulk", "due_at", "id"],
                name="delivery_open",
                condition=models.Q(state__in=["pending", "leased"]),
            ),
            models.Index(fields=["-id"], name="delivery_failed", condition=models.Q(state="failed")),
            models.Index(fields=["due_at"], name="delivery_held", condition=models.Q(state="held")),
            models.Index(
                fields=["digest"], name="delivery_members", condition=models.Q(digest__isnull=False)
            ),
            models.Index(
                fields=["message_id"], name="delivery_message_id", condition=~models.Q(message_id="")
            ),
        ]
        permissions = [
            ("retry", _("Can send a failed message again")),
            ("read_mail_files", _("Can read mails that were written to files")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} · {self.get_state_display()}"


OPEN_STATES = (Delivery.State.PENDING, Delivery.State.LEASED)


class ChannelPause(models.Model):
    """A channel whose server is in trouble rests until `until`, in every worker at once."""

    channel = models.CharField(_("channel"), max_length=20, primary_key=True)
    until = models.DateTimeField(_("rests until"))
    error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("resting channel")
        verbose_name_plural = _("resting channels")

    def __str__(self) -> str:
        return f"{self.channel} {self.until:%H:%M:%S}"
