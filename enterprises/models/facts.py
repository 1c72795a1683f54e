"""What is known of an enterprise: facts, the facet drawn from them, the licence."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.criteria import FactValue
from core.models import StoredFile
from enterprises import facts
from enterprises.models.enterprises import Enterprise


class FactQuerySet(models.QuerySet["Fact"]):
    def current(self) -> "FactQuerySet":
        """Return the facts that count: the strongest and newest of each code, expired ones included."""
        return self.filter(is_current=True)

    def lapsed(self, on: date) -> "FactQuerySet":
        """Return the current facts whose last valid day lies before `on` and whose facet still holds them."""
        return self.current().filter(expires_on__lt=on, lapsed_at=None)

    def known(self) -> dict[str, FactValue]:
        """Return the current facts in the form that rules read; for the facts of one enterprise."""
        return facts.from_rows(self.current())


class Fact(models.Model):
    """One thing known of an enterprise, with its source and dates; earlier and weaker ones are kept.

    `value` is a JSON value in the shape `enterprises.facts` gives its code. Written only by
    `enterprises.actions.record_fact`.
    """

    class Source(models.TextChoices):
        REGISTRY = "registry", _("registry")
        STAFF = "staff", _("staff")
        DOCUMENT = "document", _("document")
        ASSESSMENT = "assessment", _("assessment")
        SELF = "self", _("own statement")

    class Precision(models.TextChoices):
        DAY = "day", pgettext_lazy("precision", "day")
        MONTH = "month", pgettext_lazy("precision", "month")
        YEAR = "year", pgettext_lazy("precision", "year")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="facts")
    code = models.CharField(_("fact"), max_length=60)
    value = models.JSONField(_("value"))
    precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    on = models.DateField(_("as of"))
    expires_on = models.DateField(_("last valid day"), null=True)
    is_current = models.BooleanField(default=True)
    lapsed_at = models.DateTimeField(null=True, help_text=_("When the facet forgot an expired fact."))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "code"], condition=models.Q(is_current=True), name="fact_one_current"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"],
                name="fact_expiring",
                condition=models.Q(is_current=True, expires_on__isnull=False, lapsed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class EnterpriseFacet(models.Model):
    """The narrow row that rules are asked of in SQL; follows the facts in the same transaction.

    NULL is unknown (an expired fact too). A fact known only coarsely is a range low..high.
    `size_bit`: 1 large, 2 medium, 4 small, 8 micro, 16 not applicable. `quals` and `quals_known`
    are bit masks in the order of `qualifications.yaml`. `zones` and `zones_out` are the codes of the zones it
    is said to lie in or outside; what follows from its region is not kept here (`enterprises.zones`).
    """

    enterprise = models.OneToOneField(
        Enterprise, on_delete=models.CASCADE, primary_key=True, related_name="facet"
    )
    region_low = models.IntegerField(null=True)
    region_high = models.IntegerField(null=True)
    industry_low = models.IntegerField(null=True)
    industry_high = models.IntegerField(null=True)
    size_bit = models.SmallIntegerField(null=True)
    quals = models.BigIntegerField(default=0)
    quals_known = models.BigIntegerField(default=0)
    revenue_yuan = models.BigIntegerField(null=True)
    employees = models.IntegerField(null=True)
    founded_low = models.DateField(null=True)
    founded_high = models.DateField(null=True)
    digital_level = models.SmallIntegerField(null=True)
    cloud_readiness = models.SmallIntegerField(null=True)
    zones = ArrayField(models.CharField(max_length=40), null=True)
    zones_out = ArrayField(models.CharField(max_length=40), null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["region_low", "industry_low"],
                include=[
                    "enterprise",
                    "region_high",
                    "industry_high",
                    "size_bit",
                    "quals",
                    "quals_known",
                    "revenue_yuan",
                    "employees",
                    "founded_low",
                    "founded_high",
                    "digital_level",
                    "cloud_readiness",
                ],
                name="facet_region_industry",
            ),
        ]

    def __str__(self) -> str:
        return f"facets of {self.enterprise_id}"


class LicenceQuerySet(models.QuerySet["Licence"]):
    def waiting(self) -> "LicenceQuerySet":
        """Return what nobody has decided on yet."""
        return self.filter(settled_at=None)


class Licence(models.Model):
    """A paper that shows who may speak for the enterprise: the business licence, as a request to check it.

    Settled when staff set the proof level.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="licences")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent at"), db_default=Now())
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["enterprise"], name="licence_waiting", condition=models.Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return self.file.name
