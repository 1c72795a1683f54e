"""The ladder of a decision that is late; each step is a row, so each is taken once for one day."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from services.cloud.models.conversions import Conversion
from services.cloud.models.vouchers import Voucher


class Escalation(models.Model):
    """One step taken for one day: what is due on a new day begins a new ladder.

    It is about a voucher or about a conversion project, never both.
    """

    class Step(models.TextChoices):
        TODAY = "today", _("today is the last day: told to whoever may decide")
        OVERDUE = "overdue", _("the day has passed: told to them and to the enterprise")
        LEAD = "lead", _("more than one working day late: told to the leads")

    voucher = models.ForeignKey(
        Voucher, null=True, on_delete=models.CASCADE, related_name="escalations", verbose_name=_("voucher")
    )
    conversion = models.ForeignKey(
        Conversion,
        null=True,
        on_delete=models.CASCADE,
        related_name="escalations",
        verbose_name=_("conversion project"),
    )
    step = models.CharField(_("step"), max_length=8, choices=Step.choices)
    due_on = models.DateField(_("due on"))
    taken_at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("escalation of a decision")
        verbose_name_plural = _("escalations of decisions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="cloud_escalation_of_one",
                condition=models.Q(voucher=None, conversion__isnull=False)
                | models.Q(voucher__isnull=False, conversion=None),
            ),
            models.UniqueConstraint(
                fields=["voucher", "step", "due_on"], name="cloud_escalation_voucher_once"
            ),
            models.UniqueConstraint(
                fields=["conversion", "step", "due_on"], name="cloud_escalation_conversion_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher or self.conversion} {self.step}"
