"""Values of the plan's indicators at the desk: each with its date and source."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import AuditedAdmin
from portal.indicators.models import PlanValue


class PlanValueForm(forms.ModelForm):
    """The fields of a value; an address without a scheme is taken as https."""

    source_url = forms.URLField(label=_("Web address of the source"), required=False, assume_scheme="https")

    class Meta:
        model = PlanValue
        fields = ("code", "value", "as_of", "source", "source_url")


@admin.register(PlanValue)
class PlanValueAdmin(AuditedAdmin):
    """What a statistics office or a bureau published; nothing is computed here."""

    form = PlanValueForm
    may_add = True
    list_display = ("code", "value", "as_of", "source", "entered_by")
    list_filter = ("code",)

    def save_model(self, request: HttpRequest, obj: PlanValue, form: Any, change: bool) -> None:
        if not change:
            obj.entered_by = request.user  # type: ignore[assignment]  # the desk is for signed-in users
        super().save_model(request, obj, form, change)
