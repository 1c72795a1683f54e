"""Which providers stand in the cloud catalogue: their checks, tiers, sanctions and appeals."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.catalogue.models import Provider


class ListingState(models.TextChoices):
    APPLIED = "applied", pgettext_lazy("state of a provider", "applied")
    CHECKING = "checking", pgettext_lazy("state of a provider", "being checked")
    LISTED = "listed", pgettext_lazy("state of a provider", "listed")
    SUSPENDED = "suspended", pgettext_lazy("state of a provider", "suspended")
    REMOVED = "removed", pgettext_lazy("state of a provider", "removed")
    DECLINED = "declined", pgettext_lazy("state of a provider", "not taken")


class ListingQuerySet(models.QuerySet["Listing"]):
    def listed(self) -> ListingQuerySet:
        """Return providers whose products may be bought with support."""
        return self.filter(state=ListingState.LISTED)

    def public(self) -> ListingQuerySet:
        """Return providers with a public page: once listed, always shown with what became of it."""
        return self.filter(listed_on__isnull=False)

    def represented_by(self, user: Any) -> ListingQuerySet:
        """Return the listings for which a signed-in person speaks."""
        return self.filter(representative=user)

    def recheck_due_on(self, day: date) -> ListingQuerySet:
        """Return listed and suspended providers whose last check no longer holds on `day`."""
        return self.filter(state__in=[ListingState.LISTED, ListingState.SUSPENDED], recheck_on__lte=day)


class Listing(models.Model):
    """A provider in the cloud catalogue. Moved only by `services.cloud.lifecycle.listings.LISTING`.

    `representative` is the account that speaks for the provider: it answers ratings and appeals. Once
    listed (`listed_on`), the page stays public, a suspension or removal included.
    """

    State = ListingState

    provider = models.OneToOneField(
        Provider, on_delete=models.PROTECT, related_name="cloud_listing", verbose_name=_("provider")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.APPLIED, editable=False
    )
    about_zh = models.TextField(_("what they do (Chinese)"), blank=True)
    about_en = models.TextField(_("what they do (English)"), blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    phone = models.CharField(_("phone for customers"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    representative = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("speaks for the provider"),
    )
    applied_at = models.DateTimeField(_("applied at"), db_default=Now())
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("checked by"),
        editable=False,
    )
    listed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("listed by"),
        editable=False,
    )
    listed_on = models.DateField(_("listed since"), null=True, editable=False)
    recheck_on = models.DateField(_("next check by"), null=True, editable=False)
    recheck_told_on = models.DateField(null=True, editable=False)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("cloud provider")
        verbose_name_plural = _("cloud providers")
        ordering = ["-pk"]
        permissions = [
            ("check_listing", _("Can check cloud providers")),
            ("approve_listing", _("Can list cloud providers and set their tier")),
            ("sanction_listing", _("Can sanction cloud providers")),
        ]
        constraints = [
            models.CheckConstraint(
                name="listing_known_state", condition=models.Q(state__in=list(ListingState.values))
            ),
            models.CheckConstraint(
                name="listing_listed_is_checked",
                condition=~models.Q(state="listed")
                | models.Q(
                    listed_on__isnull=False,
                    listed_by__isnull=False,
                    checked_by__isnull=False,
                    recheck_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="listing_checker_is_not_approver",
                condition=models.Q(checked_by=None)
                | models.Q(listed_by=None)
                | ~models.Q(checked_by=models.F("listed_by")),
            ),
        ]
        indexes = [models.Index(fields=["state", "recheck_on"], name="listing_recheck")]

    def __str__(self) -> str:
        return self.provider.name

    @property
    def is_listed(self) -> bool:
        return self.state == self.State.LISTED

    @property
    def about(self) -> str:
        return (self.about_en if translation.get_language() == "en" else "") or self.about_zh


class ListingCheck(models.Model):
    """One check of a provider, at listing and once a year; it holds until `holds_until`, inclusive.

    Points nobody looked at are "not known", never "no". `mlps_level` is the level of the cloud under
    graded protection (GB/T 22239, levels 1 to 5).
    """

    class Outcome(models.TextChoices):
        MET = "met", pgettext_lazy("outcome of a check", "in order")
        NOT_MET = "not_met", pgettext_lazy("outcome of a check", "not in order")
        NOT_KNOWN = "not_known", pgettext_lazy("outcome of a check", "not known")

    POINTS = ("licence", "tax", "credit", "security", "capacity", "complaints")

    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="checks", verbose_name=_("cloud provider")
    )
    licence = models.CharField(
        _("business licence"), max_length=10, choices=Outcome.choices, default=Outcome.NOT_KNOWN
    )
    tax = models.CharField(
        _("tax payments"), max_length=10, choices=Outcome.choices, default=Outcome.NOT_KNOWN
    )
    credit = models.CharField(
        _("credit record"), max_length=10, choices=Outcome.choices, default=Outcome.NOT_KNOWN
    )
    security = models.CharField(
        _("security of the cloud"), max_length=10, choices=Outcome.choices, default=Outcome.NOT_KNOWN
    )
    capacity = models.CharField(
        _("people to serve customers"), max_length=10, choices=Outcome.choices, default=Outcome.NOT_KNOWN
    )
    complaints = models.CharField(
        _("complaints"), max_length=10, choices=Outcome.choices, default=Outcome.NOT_KNOWN
    )
    mlps_level = models.PositiveSmallIntegerField(_("protection level of the cloud"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    done_on = models.DateField(_("checked on"))
    holds_until = models.DateField(_("holds until"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("checked by")
    )

    class Meta:
        verbose_name = _("check of a provider")
        verbose_name_plural = _("checks of providers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="listing_check_level_in_range",
                condition=models.Q(mlps_level=None) | models.Q(mlps_level__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="listing_check_holds_a_while",
                condition=models.Q(holds_until__gt=models.F("done_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.done_on}"

    @property
    def passed(self) -> bool:
        """Tell whether every point was found in order; "not known" does not pass."""
        return all(getattr(self, point) == self.Outcome.MET for point in self.POINTS)


class Tier(models.TextChoices):
    """How far the checkers trust a provider, best first; a tier ends by itself."""

    FIRST = "first", pgettext_lazy("tier of a provider", "tier 1")
    SECOND = "second", pgettext_lazy("tier of a provider", "tier 2")
    THIRD = "third", pgettext_lazy("tier of a provider", "tier 3")


class TierAward(models.Model):
    """One tier for a time; the newest one that has not ended on a day is the tier of that day."""

    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="tiers", verbose_name=_("cloud provider")
    )
    tier = models.CharField(_("tier"), max_length=6, choices=Tier.choices)
    awarded_on = models.DateField(_("awarded on"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("awarded by")
    )

    class Meta:
        verbose_name = _("tier of a provider")
        verbose_name_plural = _("tiers of providers")
        ordering = ["-awarded_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="tier_ends_after_it_begins", condition=models.Q(ends_on__gte=models.F("awarded_on"))
            )
        ]

    def __str__(self) -> str:
        return self.get_tier_display()

    def holds_on(self, day: date) -> bool:
        return self.awarded_on <= day <= self.ends_on


class Sanction(models.Model):
    """What was done about a provider and why; public for good. The reason names nobody."""

    class Kind(models.TextChoices):
        WARNING = "warning", pgettext_lazy("sanction", "warning")
        SUSPENSION = "suspension", pgettext_lazy("sanction", "suspension")
        REMOVAL = "removal", pgettext_lazy("sanction", "removal")

    class Appeal(models.TextChoices):
        NONE = "none", pgettext_lazy("appeal", "none")
        OPEN = "open", pgettext_lazy("appeal", "under way")
        UPHELD = "upheld", pgettext_lazy("appeal", "the sanction stays")
        LIFTED = "lifted", pgettext_lazy("appeal", "the sanction was lifted")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="sanctions", verbose_name=_("cloud provider")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reason_zh = models.CharField(_("public reason (Chinese)"), max_length=300)
    reason_en = models.CharField(_("public reason (English)"), max_length=300, blank=True)
    imposed_on = models.DateField(_("imposed on"))
    imposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("imposed by")
    )
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    appeal = models.CharField(
        _("appeal"), max_length=6, choices=Appeal.choices, default=Appeal.NONE, editable=False
    )
    appeal_text = models.TextField(_("what the provider says"), blank=True)
    appealed_at = models.DateTimeField(_("appealed at"), null=True, editable=False)
    appeal_until = models.DateField(_("last day to appeal"), null=True, editable=False)
    appeal_due_on = models.DateField(_("answer to the appeal by"), null=True, editable=False)
    answer = models.TextField(_("answer to the appeal"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("answered by"),
        editable=False,
    )

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-imposed_on", "-pk"]
        permissions = [("answer_appeal", _("Can answer appeals of cloud providers"))]
        constraints = [
            models.CheckConstraint(
                name="sanction_known_appeal",
                condition=models.Q(appeal__in=["none", "open", "upheld", "lifted"]),
            ),
            models.CheckConstraint(
                name="sanction_answered_by_another",
                condition=models.Q(answered_by=None) | ~models.Q(answered_by=models.F("imposed_by")),
            ),
            models.CheckConstraint(
                name="sanction_appeal_has_text",
                condition=models.Q(appeal="none") | ~models.Q(appeal_text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing}: {self.get_kind_display()}"

    @property
    def reason(self) -> str:
        return (self.reason_en if translation.get_language() == "en" else "") or self.reason_zh
