"""The catalogue at the desk: staff edit offerings and providers; an offering is retired, never deleted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import FIGURES, AuditedAdmin
from core.fields import LineField
from core.verbs import blame
from enterprises import condition_words
from enterprises.condition_fields import CONDITION_FIELDS, ConditionsForm
from services.catalogue import actions, eligibility, share
from services.catalogue.models import Audience, Offering, Particular, Provider


class OfferingForm(ConditionsForm):
    """The fields staff edit, and who may ask for it; what was created and retired when is not among them."""

    audience = forms.MultipleChoiceField(
        label=gettext_lazy("audience"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Offering
        fields = (
            "slug",
            "group",
            "provider",
            "name_zh",
            "name_en",
            "description_zh",
            "description_en",
            "deliverable_zh",
            "deliverable_en",
            "is_free",
            "price_note_zh",
            "price_note_en",
            "turnaround_days",
            "audience",
            "mode",
            "page",
            "capacity",
            "needs_proof",
            "is_listed",
            "position",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("is_free") and not cleaned.get("price_note_zh"):
            self.add_error("price_note_zh", _("Say what it costs, or mark it as free of charge."))
        return cleaned


class ParticularForm(forms.ModelForm):
    """A question of a service: its answers are the same in number in both languages."""

    class Meta:
        model = Particular
        fields = (
            "position",
            "kind",
            "is_required",
            "label_zh",
            "label_en",
            "hint_zh",
            "hint_en",
            "choices_zh",
            "choices_en",
        )
        widgets = {
            "choices_zh": forms.Textarea(attrs={"rows": 3}),
            "choices_en": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        lists = [_lines(cleaned.get(name, "")) for name in ("choices_zh", "choices_en")]
        if cleaned.get("kind") == Particular.Kind.CHOICE and (
            len(lists[0]) < 2 or len(lists[0]) != len(lists[1])
        ):
            self.add_error(
                "choices_en",
                _("Give at least two answers, and as many in English as in Chinese, one a line."),
            )
        return cleaned


class ParticularInline(admin.StackedInline):
    """What the service needs to know; the form of a request asks for nothing else."""

    model = Particular
    form = ParticularForm
    formfield_overrides = FIGURES
    extra = 0
    max_num = 8


class PauseForm(forms.Form):
    """Until the end of which day no requests are taken, and why, as visitors read it."""

    until = forms.DateField(
        label=gettext_lazy("last day of the pause"), widget=forms.DateInput(attrs={"type": "date"})
    )
    note_zh = LineField(label=gettext_lazy("reason of the pause (Chinese)"), max_length=200)
    note_en = LineField(label=gettext_lazy("reason of the pause (English)"), max_length=200, required=False)


class IsLive(admin.SimpleListFilter):
    """Whether it is offered at present."""

    title = gettext_lazy("offered")
    parameter_name = "offered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("offered")), ("no", gettext_lazy("retired"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.live()
        return queryset.exclude(retired_at=None) if self.value() == "no" else queryset


@admin.register(Offering)
class OfferingAdmin(AuditedAdmin):
    """Offerings; the list says how many of them are free, and warns when the promise is broken."""

    may_add = True
    form = OfferingForm
    list_display = (
        "slug",
        "name_zh",
        "group",
        "provider",
        "is_free",
        "turnaround_days",
        "mode",
        "is_offered",
    )
    list_display_links = ("slug", "name_zh")
    list_filter = (IsLive, "group", "is_free", "mode")
    list_select_related = ("provider",)
    search_fields = ("=slug", "name_zh", "name_en")
    inlines = (ParticularInline,)
    verb_labels = {
        "retire": gettext_lazy("retired"),
        "restore": gettext_lazy("offered again"),
        "pause": gettext_lazy("paused"),
        "resume": gettext_lazy("pause ended"),
    }
    change_form_template = "admin/catalogue/offering/change_form.html"
    change_list_template = "admin/catalogue/offering/change_list.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = CONDITION_FIELDS if self._may_write(request, obj) else ()
        who = (*asked, "conditions") if obj else asked
        return (
            (None, {"fields": OfferingForm.Meta.fields}),
            (gettext_lazy("Who may ask for it"), {"fields": who}),
        )

    def _may_write(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    @admin.display(description=gettext_lazy("conditions, as visitors read them"))
    def conditions(self, offering: Offering) -> str:
        told = condition_words.told(eligibility.criteria(offering))
        return "\n".join(told) or _("None: every enterprise may ask.")

    @admin.display(description=gettext_lazy("offered"), boolean=True)
    def is_offered(self, offering: Offering) -> bool:
        return offering.retired_at is None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug", "conditions") if obj else ()

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:number>/retire/",
                self.admin_site.admin_view(self.retire_view),
                name="catalogue_offering_retire",
            ),
            path(
                "<int:number>/restore/",
                self.admin_site.admin_view(self.restore_view),
                name="catalogue_offering_restore",
            ),
            path(
                "<int:number>/pause/",
                self.admin_site.admin_view(self.pause_view),
                name="catalogue_offering_pause",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"free_share": share.free_share(), **(extra_context or {})})

    def retire_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask once, then take the offering out of the catalogue."""
        return self._confirmed(request, number, actions.retire, is_retiring=True)

    def restore_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask once, then put the offering back."""
        return self._confirmed(request, number, actions.restore, is_retiring=False)

    def pause_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask until when and why, then pause the offering; or end its pause."""
        row = self._changeable(request, number)
        is_ending = request.method == "POST" and "resume" in request.POST
        form = PauseForm(request.POST if request.method == "POST" and not is_ending else None)
        if is_ending:
            actions.resume(row, by=request.user)
        elif not (form.is_valid() and self._paused(request, row, form)):
            return render(
                request, "admin/catalogue/offering/pause.html", self._pause_context(request, row, form)
            )
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("admin:catalogue_offering_change", args=[row.pk]))

    def _paused(self, request: HttpRequest, row: Offering, form: PauseForm) -> bool:
        try:
            actions.pause(row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        return not form.errors

    def _pause_context(self, request: HttpRequest, row: Offering, form: PauseForm) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Pause “%s”") % row,
            "offering": row,
            "form": form,
            "open_requests": row.requests.open().count(),
            "row_url": reverse("admin:catalogue_offering_change", args=[row.pk]),
            "opts": self.opts,
        }

    def _changeable(self, request: HttpRequest, number: int) -> Offering:
        row = self.get_object(request, str(number))
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def _confirmed(self, request: HttpRequest, number: int, act: Any, *, is_retiring: bool) -> HttpResponse:
        row = self._changeable(request, number)
        row_url = reverse("admin:catalogue_offering_change", args=[row.pk])
        if request.method == "POST":
            act(row, by=request.user)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(row_url)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Retire “%s”?") % row if is_retiring else _("Offer “%s” again?") % row,
            "offering": row,
            "is_retiring": is_retiring,
            "open_requests": row.requests.open().count() if is_retiring else 0,
            "row_url": row_url,
            "opts": self.opts,
        }
        return render(request, "admin/catalogue/offering/confirm.html", context)


@admin.register(Provider)
class ProviderAdmin(AuditedAdmin):
    """Providers; each starts out named by its kind until staff enter the real one."""

    may_add = True
    formfield_overrides = FIGURES | {models.URLField: {"assume_scheme": "https"}}
    list_display = ("name_zh", "name_en", "kind", "contact_email", "is_sample")
    list_filter = ("kind", "is_sample")
    search_fields = ("name_zh", "name_en")
    fields = ("slug", "kind", "name_zh", "name_en", "about_zh", "about_en", "website", "contact_email")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]
