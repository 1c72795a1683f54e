"""Regions and industries at the desk, to be read, and for which regions somebody of the staff works."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from core import audit
from core.admin import AuditedAdmin, ReadOnlyAdmin
from enterprises.admin.filters import CityFilter
from enterprises.models import Industry, Region, StaffScope


@admin.register(StaffScope)
class StaffScopeAdmin(AuditedAdmin):
    """Which regions and groups a member of staff works for; none means the whole province."""

    may_add = True
    list_display = ("user", "region", "group")
    list_filter = (CityFilter,)
    list_select_related = ("user", "region")
    search_fields = ("user__email", "user__name")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(is_staff=True).order_by("email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A scope is a grant, not a record: taking it back is how it ends, and the event stays.
        return request.user.has_perm("enterprises.delete_staffscope")

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> list[Any]:
        return [audit.record(scope, "deleted", by=request.user) for scope in queryset]


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_zh", "name_en", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")


@admin.register(Industry)
class IndustryAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_zh", "name_en", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")
