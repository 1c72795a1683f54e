"""Partners that show a part of the portal on their own site, and under which address they may do so."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import Region
from services.catalogue.models import Group
from services.industry.models.places import Park
from services.industry.models.publishing import Publishable, in_language, publication_rules


class PartnerQuerySet(models.QuerySet["Partner"]):
    def public(self) -> PartnerQuerySet:
        return self.filter(state=Partner.State.PUBLISHED)


class Partner(Publishable):
    """A partner, a park for example: what it shows is a filter, not a copy.

    `origins` are the only sites that may frame its widget (scheme, host, port; https). `groups` narrows the
    services (none: all); `region` narrows events and policies; with a `park` there is a sub-portal too.
    """

    slug = models.SlugField(_("web address"), unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150, blank=True)
    park = models.OneToOneField(
        Park, null=True, blank=True, on_delete=models.PROTECT, related_name="partner", verbose_name=_("park")
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    groups = ArrayField(
        models.CharField(max_length=30, choices=Group.choices),
        verbose_name=_("kinds of service; none: all"),
        default=list,
        blank=True,
    )
    origins = ArrayField(
        models.CharField(max_length=200), verbose_name=_("sites that may frame it"), default=list, blank=True
    )
    greeting_zh = models.CharField(_("greeting (Chinese)"), max_length=300, blank=True)
    greeting_en = models.CharField(_("greeting (English)"), max_length=400, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name_zh"]
        constraints = publication_rules("partner")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def greeting(self) -> str:
        return in_language(self, "greeting")
