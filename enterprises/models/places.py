"""Where enterprises are and what they do: divisions, zones, industries."""

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def region_prefix(code: str) -> str:
    """Return the leading digits that every region at or below `code` shares (370200 gives 3702)."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


class Region(models.Model):
    """GB/T 2260 division of Shandong (153 rows) and 000000, the whole country, which is no address."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("city")
        COUNTY = "county", _("district or county")

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    is_selectable = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh


class Zone(models.Model):
    """An area that is no division of GB/T 2260: a development area, a free-trade area, a circle of cities.

    Exists from `from_on` to `until_on`, both included; without a day there is no limit. It consists of its
    places; without any, only what is said of an enterprise tells whether it lies in the zone. Facts and
    criteria name it by `code`, so a zone is ended, never deleted.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150)
    from_on = models.DateField(_("exists from"), null=True, blank=True)
    until_on = models.DateField(_("exists until"), null=True, blank=True)
    basis = models.CharField(
        _("set up by"), max_length=200, blank=True, help_text=_("The document that says so, with its number.")
    )
    counted_on = models.DateField(null=True, editable=False)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="zone_ends_after_it_begins",
                condition=models.Q(from_on=None)
                | models.Q(until_on=None)
                | models.Q(until_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh


class ZonePlace(models.Model):
    """A region that belongs to a zone: wholly, or in part; the days as for the zone itself."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="places")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    is_whole = models.BooleanField(
        _("belongs wholly"),
        default=False,
        help_text=_("Otherwise an enterprise there is asked whether it lies in the zone."),
    )
    from_on = models.DateField(_("belongs from"), null=True, blank=True)
    until_on = models.DateField(_("belongs until"), null=True, blank=True)

    class Meta:
        verbose_name = _("place of a zone")
        verbose_name_plural = _("places of a zone")
        ordering = ["region", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "region", "from_on"], name="zone_place_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="zone_place_ends_after_it_begins",
                condition=models.Q(from_on=None)
                | models.Q(until_on=None)
                | models.Q(until_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.region)


class Industry(models.Model):
    """GB/T 4754-2017 section, division or group; the code is text and keeps its leading zero."""

    class Level(models.TextChoices):
        SECTION = "section", _("section")
        DIVISION = "division", _("division")
        GROUP = "group", pgettext_lazy("industry", "group")

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh
