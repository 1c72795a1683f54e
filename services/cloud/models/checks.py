"""How the use of money is looked at: visits drawn at random, and signals that something may be wrong.

Real use after 30 and 90 days is proved in the plan of the purchase (`models.onboarding.UseCheck`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.cloud.models.vouchers import Voucher


class SpotDraw(models.Model):
    """One random draw of vouchers to visit; anybody who has the seed can draw it again."""

    period = models.CharField(_("month"), max_length=7, unique=True)
    seed = models.CharField(_("seed"), max_length=64)
    population = models.JSONField(_("references it was drawn from"), default=list)
    drawn_at = models.DateTimeField(_("drawn at"), db_default=Now())

    class Meta:
        verbose_name = _("random draw")
        verbose_name_plural = _("random draws")
        ordering = ["-period"]

    def __str__(self) -> str:
        return self.period


class SpotVisit(models.Model):
    """A visit on site: the voucher and the inspector were both drawn (双随机)."""

    class Outcome(models.TextChoices):
        IN_ORDER = "in_order", pgettext_lazy("visit", "in order")
        NOT_IN_ORDER = "not_in_order", pgettext_lazy("visit", "not in order")

    draw = models.ForeignKey(
        SpotDraw, on_delete=models.PROTECT, related_name="visits", verbose_name=_("draw")
    )
    voucher = models.ForeignKey(
        Voucher, on_delete=models.PROTECT, related_name="visits", verbose_name=_("voucher")
    )
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("inspector"),
    )
    visited_on = models.DateField(_("visited on"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    report = models.TextField(_("report"), blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reported by"),
    )

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-pk"]
        permissions = [("report_visit", _("Can report visits on site"))]
        constraints = [
            models.UniqueConstraint(fields=["draw", "voucher"], name="visit_once_a_draw"),
            models.CheckConstraint(
                name="visit_reported_whole",
                condition=models.Q(visited_on=None, outcome="", reported_by=None)
                | models.Q(visited_on__isnull=False, reported_by__isnull=False) & ~models.Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw} {self.voucher}"


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> FlagQuerySet:
        return self.filter(cleared_at=None)


class Flag(models.Model):
    """A signal that something about a voucher should be looked at; it accuses nobody and blocks nothing.

    `data` holds numbers and codes for the reason, or in `seen` what staff saw; staff clear a flag with what
    they found.
    """

    class Code(models.TextChoices):
        SAME_PEOPLE = "same_people", pgettext_lazy("signal", "provider and enterprise share a contact")
        MANY_WORKS = "many_works", pgettext_lazy("signal", "one person acts for several applicants")
        SHARED_CONTACT = "shared_contact", pgettext_lazy("signal", "several applicants share one phone")
        PRICE_RAISED = "price_raised", pgettext_lazy("signal", "the price was raised shortly before")
        SPLIT = "split", pgettext_lazy("signal", "several contracts with one provider just at the cap")
        ODD_INVOICE = "odd_invoice", pgettext_lazy("signal", "the invoice differs from the contract")
        NOT_USED = "not_used", pgettext_lazy("signal", "use was not shown in time")
        NEAR_INVOICE = "near_invoice", pgettext_lazy("signal", "nearly the number of another invoice")
        # What no row can show: raised by staff with what they saw.
        EARLY = "early", pgettext_lazy("signal", "signed or paid before the voucher")
        REFUNDED = "refunded", pgettext_lazy("signal", "money went back to the enterprise")
        ABNORMAL = "abnormal", pgettext_lazy("signal", "registration ended or listed as abnormal")
        SAME_PLACE = "same_place", pgettext_lazy("signal", "provider and enterprise at one address")
        FILLED_IN = "filled_in", pgettext_lazy("signal", "filled in by the provider")

    voucher = models.ForeignKey(
        Voucher, on_delete=models.CASCADE, related_name="flags", verbose_name=_("voucher")
    )
    code = models.CharField(_("signal"), max_length=14, choices=Code.choices)
    data = models.JSONField(_("why"), default=dict)
    raised_at = models.DateTimeField(_("raised at"), db_default=Now())
    cleared_at = models.DateTimeField(_("cleared at"), null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("cleared by"),
    )
    note = models.CharField(_("what was found"), max_length=300, blank=True)

    BY_HAND = (Code.EARLY, Code.REFUNDED, Code.ABNORMAL, Code.SAME_PLACE, Code.FILLED_IN)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["-pk"]
        permissions = [("clear_flag", _("Can clear signals"))]
        constraints = [models.UniqueConstraint(fields=["voucher", "code"], name="flag_once_a_voucher")]

    def __str__(self) -> str:
        return f"{self.voucher}: {self.get_code_display()}"
