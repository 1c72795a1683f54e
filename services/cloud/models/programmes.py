"""A voucher programme: who may have one, how much it pays, until when, and every clock in it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a programme", "Draft")
    PUBLISHED = "published", pgettext_lazy("state of a programme", "Announced")
    OPEN = "open", pgettext_lazy("state of a programme", "Open")
    SUSPENDED = "suspended", pgettext_lazy("state of a programme", "Suspended")
    EXHAUSTED = "exhausted", pgettext_lazy("state of a programme", "Budget used up")
    CLOSED = "closed", pgettext_lazy("state of a programme", "Closed to applications")
    SETTLED = "settled", pgettext_lazy("state of a programme", "Settled")
    ARCHIVED = "archived", pgettext_lazy("state of a programme", "Archived")


# With the budget used up an application is still taken: it waits in time order.
TAKES_APPLICATIONS = (ProgrammeState.OPEN, ProgrammeState.EXHAUSTED)
PUBLIC_STATES = tuple(state for state in ProgrammeState if state != ProgrammeState.DRAFT)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def public(self) -> "ProgrammeQuerySet":
        return self.filter(state__in=PUBLIC_STATES)

    def taking_applications(self, day: date) -> "ProgrammeQuerySet":
        """Return what can be applied for on `day`, whether or not there is money left."""
        return self.filter(state__in=TAKES_APPLICATIONS, opens_on__lte=day, closes_on__gte=day)

    def to_open(self, day: date) -> "ProgrammeQuerySet":
        return self.filter(state=ProgrammeState.PUBLISHED, opens_on__lte=day)

    def to_close(self, day: date) -> "ProgrammeQuerySet":
        """Return what is past its last day and still open; a suspended one closes too."""
        running = (*TAKES_APPLICATIONS, ProgrammeState.SUSPENDED)
        return self.filter(state__in=running, closes_on__lt=day)


class Programme(models.Model):
    """Rules of one programme; the money lies in its `Fund` rows, one a region.

    Amounts are whole fen, rates percent, `*_days` calendar days unless the help text says working days.
    `criteria` is the flat AND list of `enterprises.criteria`. The defaults are the starter parameters of the
    plan (rate, cap and one a year as in the Shandong innovation service voucher of 2023, gxt.shandong.gov.cn,
    2023-11-22); they are no claim about any present scheme. Rules are fixed once the programme is published.
    """

    State = ProgrammeState

    slug = models.SlugField(_("web address"), unique=True)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=ProgrammeState.choices,
        default=ProgrammeState.DRAFT,
        editable=False,
    )
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    basis = models.CharField(_("document it rests on"), max_length=300, blank=True)
    criteria = models.JSONField(_("criteria"), default=list, blank=True)
    rate_percent = models.DecimalField(
        _("rate in percent"), max_digits=5, decimal_places=2, default=Decimal(30)
    )
    cap_fen = models.BigIntegerField(_("at most per voucher, in fen"), default=10_000_000)
    smallest_fen = models.BigIntegerField(
        _("smallest voucher, in fen"),
        default=100_000,
        help_text=_("With less than this left, the budget counts as used up."),
    )
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("last day"))
    yearly_limit = models.PositiveSmallIntegerField(
        _("vouchers per enterprise and year"), default=1, help_text=_("counted over all programmes")
    )
    validity_days = models.PositiveSmallIntegerField(_("valid for days after issue"), default=90)
    extension_days = models.PositiveSmallIntegerField(
        _("days of the one extension"), default=30, help_text=_("0: no extension")
    )
    claim_within_days = models.PositiveSmallIntegerField(
        _("days after the end of validity to claim"), default=180
    )
    usage_days = models.PositiveSmallIntegerField(_("days of use to be shown"), default=30)
    county_days = models.PositiveSmallIntegerField(_("working days for the county's answer"), default=5)
    city_days = models.PositiveSmallIntegerField(_("working days for the city's answer"), default=5)
    resubmit_days = models.PositiveSmallIntegerField(_("working days to hand in again"), default=10)
    settle_days = models.PositiveSmallIntegerField(_("working days from check to payment"), default=20)
    onsite_percent = models.DecimalField(
        _("share visited at random, in percent"), max_digits=5, decimal_places=2, default=Decimal(5)
    )
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-opens_on", "slug"]
        permissions = [("run_programme", _("Can publish a programme and move its budget"))]
        constraints = [
            models.CheckConstraint(
                name="programme_known_state", condition=models.Q(state__in=ProgrammeState.values)
            ),
            models.CheckConstraint(
                name="programme_closes_after_it_opens",
                condition=models.Q(closes_on__gte=models.F("opens_on")),
            ),
            models.CheckConstraint(
                name="programme_rate_is_a_share",
                condition=models.Q(rate_percent__gt=0, rate_percent__lte=100),
            ),
            models.CheckConstraint(
                name="programme_amounts_positive",
                condition=models.Q(smallest_fen__gt=0, cap_fen__gte=models.F("smallest_fen")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return (self.title_en if translation.get_language() == "en" else "") or self.title_zh

    @property
    def summary(self) -> str:
        return (self.summary_en if translation.get_language() == "en" else "") or self.summary_zh

    def takes_applications_on(self, day: date) -> bool:
        """Tell whether one may apply on `day`; with the budget used up the application waits."""
        return self.state in TAKES_APPLICATIONS and self.opens_on <= day <= self.closes_on

    def rules(self) -> dict[str, Any]:
        """Return the figures a voucher keeps from the day it was submitted."""
        return {"rate_percent": self.rate_percent, "cap_fen": self.cap_fen}
