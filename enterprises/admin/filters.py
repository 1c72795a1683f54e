"""How lists of the desk about enterprises are narrowed."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from enterprises import duplicates, wording
from enterprises.classification import regions
from enterprises.models import Enterprise, Licence, region_prefix


class CityFilter(admin.SimpleListFilter):
    """Narrow a list to one city, with its districts."""

    title = _("city")
    parameter_name = "city"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(row.code, wording.region_name(row.code)) for row in regions.children(regions.PROVINCE)]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        city = self.value()
        if not city or city not in regions.REGIONS:
            return queryset
        return queryset.filter(region__code__startswith=region_prefix(city))


class LicenceFilter(admin.SimpleListFilter):
    """Narrow the list to enterprises whose licence waits to be checked."""

    title = _("licence")
    parameter_name = "licence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("to be checked"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() != "waiting":
            return queryset
        return queryset.filter(pk__in=Licence.objects.waiting().values("enterprise"))


class LikenessFilter(admin.SimpleListFilter):
    """Narrow the list to enterprises that may be there twice."""

    title = _("likely duplicates")
    parameter_name = "twice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("likely", _("has one"))]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Enterprise]
    ) -> models.QuerySet[Enterprise]:
        return duplicates.with_likeness(queryset) if self.value() == "likely" else queryset
