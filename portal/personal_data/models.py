"""A copy of one's data, the end of an account, and who of the staff looked at what of an enterprise."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import calendar
from enterprises.models import Enterprise
from services.catalogue.models import Provider


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def for_user(self, user: Any) -> "DataExportQuerySet":
        """Return what this person asked for, the newest first."""
        return self.filter(user=user).order_by("-pk")

    def waiting(self) -> "DataExportQuerySet":
        return self.filter(state=DataExport.State.ASKED).order_by("pk")

    def ready(self) -> "DataExportQuerySet":
        """Return what can be taken away now."""
        return self.filter(state=DataExport.State.READY, expires_at__gt=Now())

    def expired(self) -> "DataExportQuerySet":
        return self.filter(state=DataExport.State.READY, expires_at__lte=Now())


class DataExport(models.Model):
    """A copy of everything about a person, and of the enterprise where an owner asked for that too.

    asked → ready → gone. The file stands under `exports/<key>.zip` in the store until `expires_at`.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of an export", "being put together")
        READY = "ready", pgettext_lazy("state of an export", "ready")
        GONE = "gone", pgettext_lazy("state of an export", "deleted again")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("enterprise")
    )
    state = models.CharField(_("state"), max_length=5, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked for at"), db_default=Now())
    ready_at = models.DateTimeField(_("ready at"), null=True)
    expires_at = models.DateTimeField(_("expires at"), null=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of one's data")
        verbose_name_plural = _("copies of one's data")
        constraints = [
            models.CheckConstraint(
                name="export_known_state", condition=models.Q(state__in=["asked", "ready", "gone"])
            ),
            models.CheckConstraint(
                name="export_ready_set_together",
                condition=models.Q(state="asked", ready_at=None, expires_at=None)
                | models.Q(state__in=["ready", "gone"], ready_at__isnull=False, expires_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="asked"), name="export_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def path(self) -> str:
        """Return where the file stands in the store."""
        return f"exports/{self.key}.zip"


class ClosingQuerySet(models.QuerySet["Closing"]):
    def pending(self) -> "ClosingQuerySet":
        """Return what was asked for and neither taken back nor carried out."""
        return self.filter(undone_at=None, closed_at=None)

    def due(self) -> "ClosingQuerySet":
        return self.pending().filter(due_at__lte=Now()).order_by("pk")


class Closing(models.Model):
    """The wish of a person to close the account; carried out at `due_at` unless taken back before.

    `heirs` says who becomes the owner of an enterprise that has no other one: number of the enterprise →
    number of the membership, or None where the enterprise ends with the account.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    heirs = models.JSONField(_("who goes on"), default=dict, blank=True)
    asked_at = models.DateTimeField(_("asked for at"), db_default=Now())
    due_at = models.DateTimeField(_("closes at"))
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing of an account")
        verbose_name_plural = _("closings of accounts")
        permissions = [("view_retention", _("Can see how long anything is kept"))]
        constraints = [
            models.CheckConstraint(
                name="closing_ends_one_way",
                condition=models.Q(undone_at=None) | models.Q(closed_at=None),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(undone_at=None, closed_at=None),
                name="closing_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {calendar.day_of(self.due_at)}"


class Look(models.Model):
    """Somebody outside an enterprise opened a page or a file of it; one row a day and thing.

    `provider` is the body the person speaks for; None is the staff. `about` is the kind of row that was
    opened ("label.Model"; the person, where the portal was looked at as one of the members), `reference` what
    people call it. Written by `portal.personal_data.looking` alone.
    """

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="+", verbose_name=_("enterprise"), db_index=False
    )
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who looked")
    )
    provider = models.ForeignKey(
        Provider,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("provider"),
        db_index=False,
    )
    about = models.CharField(_("what was opened"), max_length=60)
    number = models.BigIntegerField()
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    day = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last opened at"), db_default=Now())

    class Meta:
        verbose_name = _("look at the data of an enterprise")
        verbose_name_plural = _("looks at the data of enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "day", "viewer", "about", "number"], name="look_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.reference}"
