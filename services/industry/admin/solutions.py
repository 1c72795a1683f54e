"""Solutions and cases at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import FIGURES, Verb
from services.catalogue.models import Capability
from services.industry import actions
from services.industry.admin.publishing import PublishableAdmin
from services.industry.forms.desk import ConsentForm
from services.industry.models import CaseFigure, CaseStudy, Solution
from services.industry.problems import scenes

CONSENT = "industry.record_consent"
STANDING = ("state", ("submitted_by", "published_by", "published_at"))


class SolutionForm(forms.ModelForm):
    """Capabilities and scenes are ticked, not typed."""

    capabilities = forms.MultipleChoiceField(
        label=_("capabilities"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What it helps with; the services with the same capability are shown beside it."),
    )
    scenes = forms.MultipleChoiceField(label=_("scenes"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = Capability.objects.order_by("code").values_list("code", flat=True).distinct()
        if "capabilities" in self.fields:
            known = sorted({*codes, *(self.instance.capabilities or [])})
            self.fields["capabilities"].choices = [(code, code) for code in known]  # type: ignore[attr-defined]  # a field of choices
            self.fields["scenes"].choices = [(code, str(words)) for code, words in scenes().items()]  # type: ignore[attr-defined]  # a field of choices


@admin.register(Solution)
class SolutionAdmin(PublishableAdmin):
    """Solutions by scene and industry."""

    form = SolutionForm
    list_display = ("name_zh", "effort", "capabilities", "scenes", "state")
    list_filter = ("state", "effort")
    search_fields = ("name_zh", "name_en")
    raw_id_fields = ("industries",)
    fieldsets = (
        (None, {"fields": (("name_zh", "name_en"), ("summary_zh", "summary_en"), "slug", "position")}),
        (_("How to begin"), {"fields": (("steps_zh", "steps_en"), ("needs_zh", "needs_en"), "effort")}),
        (_("What it helps with"), {"fields": ("capabilities", "scenes", "industries")}),
        (_("Publication"), {"fields": STANDING}),
    )


class CaseFigureInline(admin.StackedInline):
    """The figures of a case; they change only with its draft."""

    model = CaseFigure
    formfield_overrides = FIGURES
    extra = 1

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or obj.may_be_edited)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.may_be_edited)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.may_be_edited)


@admin.register(CaseStudy)
class CaseStudyAdmin(PublishableAdmin):
    """Cases: figures and consent first, publication by a second person after that."""

    list_display = ("title_zh", "provider", "called_zh", "year", "has_consent", "state")
    list_filter = ("state", "year")
    list_select_related = ("provider",)
    search_fields = ("title_zh", "title_en", "called_zh", "provider__name_zh")
    raw_id_fields = ("provider", "solution", "enterprise", "industry", "region")
    inlines = (CaseFigureInline,)
    readonly_fields = ("consent_on", "consent_by", "consent_recorded_by", "consent_withdrawn_at")
    fieldsets = (
        (None, {"fields": (("title_zh", "title_en"), "slug", ("provider", "solution"), "year")}),
        (
            _("The enterprise"),
            {"fields": ("enterprise", ("called_zh", "called_en"), ("industry", "region"))},
        ),
        (_("The story"), {"fields": (("problem_zh", "problem_en"), ("done_zh", "done_en"))}),
        (
            _("Consent"),
            {"fields": (("consent_on", "consent_by"), ("consent_recorded_by", "consent_withdrawn_at"))},
        ),
        (_("Publication"), {"fields": STANDING}),
    )
    verbs = {
        **PublishableAdmin.verbs,
        "publish": Verb(
            actions.publish_case, explains=_("Everybody can read it, as long as the enterprise agrees.")
        ),
    }
    extra_verbs = {
        "record_consent": Verb(
            actions.record_consent,
            form=ConsentForm,
            label=_("record the consent"),
            permission=CONSENT,
            offered=lambda row, user: not row.has_consent,
            explains=_("Record who agreed for the enterprise, and when. Keep the signed paper."),
        ),
        "withdraw_consent": Verb(
            actions.withdraw_consent,
            label=_("take the consent back"),
            permission=CONSENT,
            offered=lambda row, user: row.has_consent,
            explains=_("The case is hidden from this moment on."),
            danger=True,
        ),
    }

    @admin.display(description=_("consent"), boolean=True)
    def has_consent(self, row: CaseStudy) -> bool:
        return row.has_consent
