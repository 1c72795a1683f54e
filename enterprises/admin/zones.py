"""Zones at the desk: areas that are no division, the days they exist, the regions they are made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import AuditedAdmin
from enterprises import actions, wording
from enterprises.models import Region, Zone, ZonePlace


class RegionField(forms.ModelChoiceField):
    """Regions with their codes: several cities have a district of the same name."""

    def label_from_instance(self, obj: Region) -> str:
        return f"{obj.code} {obj.name}"


class PlaceForm(forms.ModelForm):
    """One region of a zone; the whole country and former divisions cannot be chosen."""

    region = RegionField(label=_("region"), queryset=Region.objects.filter(is_selectable=True))

    class Meta:
        model = ZonePlace
        fields = ("region", "is_whole", "from_on", "until_on")

    def clean(self) -> dict[str, Any]:
        return _in_order(self, super().clean() or self.cleaned_data)


class ZoneForm(forms.ModelForm):
    """A zone; its code is in facts and conditions, so it is chosen once."""

    class Meta:
        model = Zone
        fields = ("code", "name_zh", "name_en", "from_on", "until_on", "basis")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code != code.lower():
            raise forms.ValidationError(_("Write the code in small letters, figures and hyphens."))
        return code

    def clean(self) -> dict[str, Any]:
        return _in_order(self, super().clean() or self.cleaned_data)


def _in_order(form: forms.ModelForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    first, last = cleaned.get("from_on"), cleaned.get("until_on")
    if first and last and last < first:
        form.add_error("until_on", _("This day lies before the first one."))
    return cleaned


class PlaceInline(admin.StackedInline):
    model = ZonePlace
    form = PlaceForm
    extra = 1

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("region")


@admin.register(Zone)
class ZoneAdmin(AuditedAdmin):
    """Zones end, they are not deleted: facts and conditions name them."""

    form = ZoneForm
    may_add = True
    inlines = (PlaceInline,)
    list_display = ("code", "name_zh", "name_en", "from_on", "until_on", "made_of")
    search_fields = ("code", "name_zh", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("places")

    @admin.display(description=_("places of a zone"))
    def made_of(self, zone: Zone) -> str:
        return ", ".join(wording.region_name(place.region_id) for place in zone.places.all())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.apply_zone(form.instance)
