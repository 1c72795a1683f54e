"""Benefits without application (免申即享): what an enterprise agreed to hand over, and what came of it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise, Membership
from services.policies.models.items import PolicyItem


class BenefitBatch(models.Model):
    """What was handed to the authority at one time: the agreed data of so many enterprises, for one item."""

    item = models.ForeignKey(
        PolicyItem, on_delete=models.PROTECT, related_name="batches", verbose_name=_("item")
    )
    size = models.PositiveIntegerField(_("enterprises"))
    sent_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("handed over by"),
    )
    sent_at = models.DateTimeField(_("handed over at"), db_default=Now())

    class Meta:
        verbose_name = _("batch handed to the authority")
        verbose_name_plural = _("batches handed to the authority")
        permissions = [("hand_over", _("Can hand agreed data to the authority and enter its answer"))]

    def __str__(self) -> str:
        return f"{self.item} · {self.pk}"


class BenefitQuerySet(models.QuerySet["Benefit"]):
    def for_member(self, user: Any) -> BenefitQuerySet:
        """Return the benefits of every enterprise this person acts for."""
        return self.filter(enterprise__in=Membership.objects.current().filter(user=user).values("enterprise"))

    def in_scope_of(self, user: Any) -> BenefitQuerySet:
        """Return those of enterprises in the regions granted to a member of staff."""
        return self.filter(enterprise__in=Enterprise.objects.in_scope_of(user))

    def claimable_on(self, day: date) -> BenefitQuerySet:
        """Return those whose item can still be claimed on `day`."""
        return self.filter(item__in=PolicyItem.objects.open_on(day))

    def ready(self) -> BenefitQuerySet:
        """Return what may go to the authority: agreed to for the item as it is now."""
        return self.filter(state=Benefit.State.AGREED, item_version=models.F("item__version"))

    def outdated(self) -> BenefitQuerySet:
        """Return what was agreed to before the item was changed."""
        return self.filter(state=Benefit.State.AGREED).exclude(item_version=models.F("item__version"))


class Benefit(models.Model):
    """One item that an enterprise may get without applying, from the offer to the authority's answer.

    `agreed` is the exact list handed over, field by field in both languages, as the owner saw and agreed to
    it; it is empty before and after a revocation. `item_version` is the version offered or agreed to. The
    state moves only through `services.policies.lifecycle.BENEFIT`.
    """

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("benefit", "waits for consent")
        DECLINED = "declined", pgettext_lazy("benefit", "not wanted")
        AGREED = "agreed", pgettext_lazy("benefit", "agreed, not handed over yet")
        SENT = "sent", pgettext_lazy("benefit", "handed to the authority")
        GRANTED = "granted", pgettext_lazy("benefit", "granted and published")
        REFUSED = "refused", pgettext_lazy("benefit", "not granted")

    key = models.UUIDField(_("receipt"), default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(
        PolicyItem, on_delete=models.CASCADE, related_name="benefits", verbose_name=_("item")
    )
    item_version = models.PositiveIntegerField(_("version"))
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="benefits", verbose_name=_("enterprise")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OFFERED, editable=False
    )
    offered_at = models.DateTimeField(_("offered at"), db_default=Now())
    agreed: Any = models.JSONField(_("what is handed over"), default=list)
    agreed_at = models.DateTimeField(_("agreed at"), null=True)
    agreed_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("agreed by"),
    )
    batch = models.ForeignKey(
        BenefitBatch,
        null=True,
        on_delete=models.PROTECT,
        related_name="benefits",
        verbose_name=_("batch"),
    )
    settled_on = models.DateField(_("decided on"), null=True)
    granted_fen = models.BigIntegerField(_("granted, in fen"), null=True)
    published_url = models.URLField(_("published at"), max_length=300, blank=True)
    refusal = models.CharField(_("why it was not granted"), max_length=500, blank=True)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("benefit without application")
        verbose_name_plural = _("benefits without application")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "item"], name="benefit_once_per_item"),
            models.CheckConstraint(
                name="benefit_known_state",
                condition=models.Q(state__in=["offered", "declined", "agreed", "sent", "granted", "refused"]),
            ),
            models.CheckConstraint(
                name="benefit_consent_has_date",
                condition=models.Q(state__in=["offered", "declined"], agreed_at=None)
                | ~models.Q(state__in=["offered", "declined"]) & models.Q(agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="benefit_sent_has_batch",
                condition=models.Q(state__in=["sent", "granted", "refused"], batch__isnull=False)
                | ~models.Q(state__in=["sent", "granted", "refused"]) & models.Q(batch=None),
            ),
            models.CheckConstraint(
                name="benefit_refused_says_why",
                condition=models.Q(state="refused") & ~models.Q(refusal="")
                | ~models.Q(state="refused") & models.Q(refusal=""),
            ),
        ]
        indexes = [
            models.Index(fields=["item"], name="benefit_agreed", condition=models.Q(state="agreed")),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.item}"
