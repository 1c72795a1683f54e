"""The directory: double-cross platforms, and the parks and facilities of the industrial Internet."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import Region
from services.industry.models.publishing import Publishable, in_language, publication_rules


class Confidence(models.TextChoices):
    """How well the entry is supported; all but `high` are shown as to be verified."""

    HIGH = "high", _("confirmed by a source")
    MEDIUM = "medium", _("confirmed in part")
    LOW = "low", _("not confirmed")


class Unsure(models.TextChoices):
    """What an entry may not be sure of."""

    NAME = "name", _("name")
    OPERATOR = "operator", _("operator")
    CITY = "city", _("city")
    FIRST_LIST_YEAR = "first_list_year", _("year of the list")


class PlaceQuerySet(models.QuerySet["Place"]):
    def public(self) -> PlaceQuerySet:
        """Return what a visitor sees, in directory order."""
        return self.filter(state=Place.State.PUBLISHED)


class Place(Publishable):
    """What platforms and parks share: names, region, and where we know it from.

    `unsure` names what no source confirms (see `Unsure`); the page says so beside each. `source_year` is the
    year of the newest source.
    """

    slug = models.SlugField(_("web address"), unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150, blank=True)
    about_zh = models.TextField(_("about it (Chinese)"), blank=True)
    about_en = models.TextField(_("about it (English)"), blank=True)
    website = models.URLField(_("website"), blank=True)
    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("region in Shandong"),
    )
    source_zh = models.CharField(_("source (Chinese)"), max_length=300, blank=True)
    source_en = models.CharField(_("source (English)"), max_length=300, blank=True)
    source_year = models.PositiveSmallIntegerField(_("year of the source"), null=True, blank=True)
    confidence = models.CharField(_("how sure we are"), max_length=10, choices=Confidence.choices)
    unsure = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("fields to be verified"),
        default=list,
        blank=True,
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def about(self) -> str:
        return in_language(self, "about")

    @property
    def source(self) -> str:
        return in_language(self, "source")

    @property
    def is_to_be_verified(self) -> bool:
        return self.confidence != Confidence.HIGH


class Platform(Place):
    """A cross-industry, cross-domain ("double-cross") platform of the Ministry's lists.

    `first_list_year` is the year of the list it first stood on; platforms apply anew for each list, so an
    early year does not say that it stands on the newest. `region` is a city of Shandong, or empty.
    """

    operator = models.CharField(_("operator"), max_length=120, blank=True)
    city_zh = models.CharField(_("city (Chinese)"), max_length=60, blank=True)
    city_en = models.CharField(_("city (English)"), max_length=100, blank=True)
    first_list_year = models.PositiveSmallIntegerField(_("first on the list of"), null=True, blank=True)

    class Meta(Place.Meta):
        verbose_name = _("platform")
        verbose_name_plural = _("platforms")
        permissions = [
            ("submit_content", _("Can write pages of industrial services")),
            ("publish_content", _("Can publish pages of industrial services")),
            ("withdraw_content", _("Can withdraw pages of industrial services")),
        ]
        constraints = publication_rules("platform")

    @property
    def city(self) -> str:
        return in_language(self, "city")


class Park(Place):
    """A park, zone or facility; its `region` is the province when no city is known."""

    class Kind(models.TextChoices):
        PARK = "park", _("park")
        ZONE = "zone", _("zone")
        FACILITY = "facility", _("facility")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PARK)

    class Meta(Place.Meta):
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        constraints = [
            *publication_rules("park"),
            models.CheckConstraint(name="park_has_region", condition=models.Q(region__isnull=False)),
        ]
