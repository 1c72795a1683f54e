"""What was measured, and what staff entered of the plan's indicators with its source."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.indicators.definitions import PLAN


class Measurement(models.Model):
    """One number of one month, in one module and one city; sums over any of them are sums of rows.

    `group` is the module of the catalogue, '' for questions; `city` the code of the city, '' where none is
    known. `code` is one of `definitions.Code`. All rows are taken anew together by the daily tick.
    """

    month = models.DateField(_("month"))
    group = models.CharField(_("group"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=6, blank=True)
    code = models.CharField(_("what"), max_length=20)
    number = models.BigIntegerField(_("number"))

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            models.UniqueConstraint(fields=["month", "group", "city", "code"], name="measurement_once"),
            models.CheckConstraint(name="measurement_counts", condition=models.Q(number__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.code}"


class PlanValue(models.Model):
    """A value of one of the plan's indicators as somebody published it; without a source there is none."""

    code = models.CharField(_("indicator"), max_length=40, choices=[(one.code, one.label) for one in PLAN])
    value = models.DecimalField(
        _("value in percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    as_of = models.DateField(_("as at"))
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Who published it, and in which document.")
    )
    source_url = models.URLField(_("web address of the source"), blank=True)
    entered_at = models.DateTimeField(_("entered at"), db_default=Now())
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("value of a plan indicator")
        verbose_name_plural = _("values of plan indicators")
        ordering = ["code", "-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["code", "as_of"], name="plan_value_once_a_day"),
            models.CheckConstraint(
                name="plan_value_percent", condition=models.Q(value__gte=0, value__lte=100)
            ),
            models.CheckConstraint(name="plan_value_has_source", condition=~models.Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.as_of}"
