"""A conversion project (cloud_onboarding.md 5.4): a works converts itself, proves its level, and is rewarded.

The reward comes out of a city's own money, not out of a voucher programme: no ledger account moves here.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from enterprises.models import Enterprise, Region, StaffScope, region_prefix

# Without I, L, O and U, so that a reference can be read aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_conversion_reference() -> str:
    """Draw a reference such as GZ-7K3M-2Q9X; nobody can guess another one from it."""
    drawn = "".join(secrets.choice(_LETTERS) for _place in range(8))
    return f"GZ-{drawn[:4]}-{drawn[4:]}"


class SchemeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a scheme", "Draft")
    OPEN = "open", pgettext_lazy("state of a scheme", "Open")
    CLOSED = "closed", pgettext_lazy("state of a scheme", "Closed to new projects")


class ConversionSchemeQuerySet(models.QuerySet["ConversionScheme"]):
    def taking_projects(self, day: date) -> ConversionSchemeQuerySet:
        return self.filter(state=SchemeState.OPEN, opens_on__lte=day, closes_on__gte=day)

    def with_sums(self) -> ConversionSchemeQuerySet:
        """Add `promised_fen`, decided and not paid yet, and `paid_fen`, of all projects of a scheme."""
        states = {
            "promised_fen": (ConversionState.ACCEPTED, ConversionState.REWARD),
            "paid_fen": (ConversionState.PAID, ConversionState.AUDITED),
        }
        sums = {
            name: Coalesce(models.Sum("projects__reward_fen", filter=models.Q(projects__state__in=these)), 0)
            for name, these in states.items()
        }
        return self.annotate(**sums)


class ConversionScheme(models.Model):
    """What a city asks of a conversion and pays for it; fixed once it is published.

    Amounts are whole fen, rates percent, `answer_days` working days. Each city sets its own figures: the
    defaults claim nothing about any real scheme.
    """

    State = SchemeState

    slug = models.SlugField(_("web address"), unique=True)
    state = models.CharField(
        _("state"), max_length=8, choices=SchemeState.choices, default=SchemeState.DRAFT, editable=False
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    basis = models.CharField(_("document it rests on"), max_length=300, blank=True)
    target_level = models.PositiveSmallIntegerField(
        _("level to be reached"), default=2, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    rate_percent = models.DecimalField(_("rate in percent"), max_digits=5, decimal_places=2)
    cap_fen = models.BigIntegerField(_("at most per project, in fen"))
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("last day"))
    answer_days = models.PositiveSmallIntegerField(_("working days for an answer"), default=10)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("author"),
    )

    objects = ConversionSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversion scheme")
        verbose_name_plural = _("conversion schemes")
        ordering = ["-opens_on", "slug"]
        constraints = [
            models.CheckConstraint(
                name="scheme_known_state", condition=models.Q(state__in=SchemeState.values)
            ),
            models.CheckConstraint(
                name="scheme_closes_after_it_opens", condition=models.Q(closes_on__gte=models.F("opens_on"))
            ),
            models.CheckConstraint(
                name="scheme_figures_make_sense",
                condition=models.Q(
                    rate_percent__gt=0, rate_percent__lte=100, cap_fen__gt=0, target_level__range=(1, 4)
                ),
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

    def takes_projects_on(self, day: date) -> bool:
        return self.state == SchemeState.OPEN and self.opens_on <= day <= self.closes_on

    def is_for(self, enterprise: Enterprise) -> bool:
        """Tell whether an enterprise lies in the region of the scheme; one without a region does not."""
        return bool(enterprise.region_id) and str(enterprise.region_id).startswith(
            region_prefix(self.region_id)
        )


class ConversionState(models.TextChoices):
    """The states, in the owner's words."""

    INTENDED = "intended", pgettext_lazy("state of a conversion", "Intended")
    BASELINE = "baseline_assessed", pgettext_lazy("state of a conversion", "Starting level known")
    FILED = "filed", pgettext_lazy("state of a conversion", "Filing being checked")
    IN_PROGRESS = "in_progress", pgettext_lazy("state of a conversion", "Under way")
    RESULT = "result_assessed", pgettext_lazy("state of a conversion", "Level reached")
    ACCEPTANCE = "acceptance_applied", pgettext_lazy("state of a conversion", "Acceptance being checked")
    ACCEPTED = "accepted", pgettext_lazy("state of a conversion", "Accepted")
    REJECTED = "rejected", pgettext_lazy("state of a conversion", "Not accepted")
    REWARD = "reward_applied", pgettext_lazy("state of a conversion", "Payment under way")
    PAID = "paid", pgettext_lazy("state of a conversion", "Paid")
    AUDITED = "audited", pgettext_lazy("state of a conversion", "Paid and audited")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a conversion", "Withdrawn")


# What ends without a reward frees the enterprise for another project, and its invoices with it.
GIVEN_UP = (ConversionState.REJECTED, ConversionState.WITHDRAWN)
WITHDRAWABLE = (
    ConversionState.INTENDED,
    ConversionState.BASELINE,
    ConversionState.FILED,
    ConversionState.IN_PROGRESS,
    ConversionState.RESULT,
    ConversionState.ACCEPTANCE,
)
# Invoices are gathered from the confirmed filing until acceptance is applied for.
TAKES_INVOICES = (ConversionState.IN_PROGRESS, ConversionState.RESULT)
# Whose turn it is at the desk.
CONVERSION_QUEUES: dict[str, tuple[ConversionState, ...]] = {
    "county": (ConversionState.FILED,),
    "city": (ConversionState.ACCEPTANCE,),
    "finance": (ConversionState.REWARD,),
}


class ConversionQuerySet(models.QuerySet["Conversion"]):
    def for_member(self, user: Any) -> ConversionQuerySet:
        """Return the projects of the enterprises this person acts for."""
        return self.filter(enterprise__in=Enterprise.objects.for_member(user))

    def in_scope_of(self, user: Any) -> ConversionQuerySet:
        """Return what a member of staff may see: what was filed, of enterprises in the granted regions."""
        return self.filter(StaffScope.within(user, "enterprise__region"), filed_at__isnull=False)

    def under_way(self) -> ConversionQuerySet:
        """Return what has neither ended without a reward nor been paid."""
        over = (*GIVEN_UP, ConversionState.PAID, ConversionState.AUDITED)
        return self.exclude(state__in=over)


class Conversion(models.Model):
    """One project. Moved only by `services.cloud.lifecycle.conversions.CONVERSION`.

    Levels are those of the fact `digital_level`, kept with their day. `target_level`, `rate_percent` and
    `cap_fen` are those of the scheme on the day of filing. `spent_fen` is what the city recognised of the
    spending list, `reward_fen` the least of rate × that and the cap. `due_on` is the day by which staff
    answer.
    """

    State = ConversionState

    reference = models.CharField(
        _("reference"), max_length=12, unique=True, default=new_conversion_reference, editable=False
    )
    scheme = models.ForeignKey(
        ConversionScheme, on_delete=models.PROTECT, related_name="projects", verbose_name=_("scheme")
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="conversions", verbose_name=_("enterprise")
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ConversionState.choices,
        default=ConversionState.INTENDED,
        editable=False,
    )
    goal = models.TextField(_("what is to be better afterwards"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("begun at"), db_default=Now())
    baseline_level = models.PositiveSmallIntegerField(_("level before"), null=True)
    baseline_on = models.DateField(_("assessed before on"), null=True)

    contractor = models.CharField(_("who carries it out"), max_length=120, blank=True)
    contract_number = models.CharField(_("number of the contract"), max_length=60, blank=True)
    contract_on = models.DateField(_("date of the contract"), null=True)
    contract_fen = models.BigIntegerField(_("price of the contract in fen"), null=True)
    contract_file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("contract")
    )
    target_level = models.PositiveSmallIntegerField(_("level to be reached"), null=True)
    rate_percent = models.DecimalField(_("rate in percent"), max_digits=5, decimal_places=2, null=True)
    cap_fen = models.BigIntegerField(_("at most, in fen"), null=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("declared by"),
    )
    filed_at = models.DateTimeField(_("filed at"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    asked = models.TextField(_("what was asked"), blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("filing confirmed by"),
    )
    result_level = models.PositiveSmallIntegerField(_("level after"), null=True)
    result_on = models.DateField(_("assessed after on"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    spent_fen = models.BigIntegerField(_("spending recognised, in fen"), null=True)
    reward_fen = models.BigIntegerField(_("reward in fen"), null=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("paid by"),
    )
    paid_at = models.DateTimeField(_("paid at"), null=True)
    batch = models.CharField(_("payment batch"), max_length=40, blank=True)
    finding = models.CharField(_("number of the audit report"), max_length=60, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = ConversionQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversion project")
        verbose_name_plural = _("conversion projects")
        ordering = ["-pk"]
        permissions = [
            ("confirm_conversion", _("Can check the filing of conversion projects")),
            ("accept_conversion", _("Can accept conversion projects")),
            ("pay_conversion", _("Can pay rewards of conversion projects")),
        ]
        constraints = [
            models.CheckConstraint(
                name="conversion_known_state", condition=models.Q(state__in=ConversionState.values)
            ),
            models.UniqueConstraint(
                fields=["enterprise", "scheme"],
                condition=~models.Q(state__in=GIVEN_UP),
                name="conversion_one_per_scheme",
            ),
            models.CheckConstraint(
                name="conversion_filed_is_whole",
                condition=models.Q(filed_at=None)
                | models.Q(
                    contract_on__isnull=False,
                    contract_fen__gt=0,
                    contract_file__isnull=False,
                    declared_by__isnull=False,
                    baseline_level__isnull=False,
                    target_level__isnull=False,
                    rate_percent__isnull=False,
                    cap_fen__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="conversion_result_reaches_target",
                condition=models.Q(result_level=None) | models.Q(result_level__gte=models.F("target_level")),
            ),
            models.CheckConstraint(
                name="conversion_reward_within_cap",
                condition=models.Q(reward_fen=None)
                | models.Q(
                    reward_fen__gt=0,
                    reward_fen__lte=models.F("cap_fen"),
                    spent_fen__gte=models.F("reward_fen"),
                    accepted_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="conversion_deciders_differ",
                condition=~models.Q(confirmed_by=models.F("accepted_by"))
                & ~models.Q(confirmed_by=models.F("paid_by"))
                & ~models.Q(accepted_by=models.F("paid_by")),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="conversion_queue")]

    def __str__(self) -> str:
        return self.reference


class Spending(models.Model):
    """One invoice of a project's spending list; it counts until the project is given up.

    `invoice_key` is the number in canonical form (`services.cloud.vouchers.invoice_key`).
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversion = models.ForeignKey(
        Conversion, on_delete=models.CASCADE, related_name="spending", verbose_name=_("conversion project")
    )
    what = models.CharField(_("what was bought"), max_length=120)
    invoice_number = models.CharField(_("number of the invoice"), max_length=60)
    invoice_key = models.CharField(max_length=60, editable=False)
    invoice_on = models.DateField(_("date of the invoice"))
    amount_fen = models.BigIntegerField(_("amount of the invoice in fen"))
    invoice_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    counts = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("invoice of a conversion project")
        verbose_name_plural = _("invoices of conversion projects")
        ordering = ["invoice_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice_key"], condition=models.Q(counts=True), name="spending_invoice_once"
            ),
            models.CheckConstraint(name="spending_amount_positive", condition=models.Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return self.invoice_number
