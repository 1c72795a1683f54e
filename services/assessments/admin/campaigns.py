"""Campaigns at the desk: prepared, launched, extended, ended, and watched while they run."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import calendar, sheets
from core.admin import LifecycleAdmin, Verb
from services.assessments import actions, campaigns
from services.assessments.distribution import FEWEST
from services.assessments.forms.campaigns import CampaignForm, ExtendForm, ListForm
from services.assessments.lifecycle import CAMPAIGN, RUN_CAMPAIGN
from services.assessments.models import Campaign, FrameworkVersion
from services.assessments.sheets import coverage_table


def _reach_words(row: Campaign) -> str:
    """Say how many enterprises fit a campaign at this moment."""
    many = campaigns.audience(row).count()
    return ngettext(
        "%(count)s enterprise fits at this moment.", "%(count)s enterprises fit at this moment.", many
    ) % {"count": many}


@admin.register(Campaign)
class CampaignAdmin(LifecycleAdmin):
    """The campaigns of one's region; what they ask can be changed only while they are being prepared."""

    lifecycle = CAMPAIGN
    may_add = True
    form = CampaignForm
    verbs = {
        "launch": Verb(
            actions.launch,
            explains=_reach_words,
            tells=gettext_lazy("owners and editors of the invited enterprises, from the first day on"),
        ),
        "end": Verb(actions.end, explains=gettext_lazy("Nobody is reminded any more. Reports stay.")),
        "drop": Verb(
            actions.drop, explains=gettext_lazy("It is never launched and invites nobody."), danger=True
        ),
    }
    extra_verbs = {
        "set_list": Verb(
            actions.set_list,
            form=ListForm,
            label=gettext_lazy("invite by a list"),
            permission=RUN_CAMPAIGN,
            offered=lambda row, user: row.state == Campaign.State.DRAFT,
            explains=gettext_lazy(
                "The list replaces the filter. Enterprises that register later are invited then."
            ),
        ),
        "extend": Verb(
            actions.extend,
            form=ExtendForm,
            label=gettext_lazy("move the last day"),
            permission=RUN_CAMPAIGN,
            offered=lambda row, user: row.state == Campaign.State.RUNNING,
        ),
    }
    change_form_template = "admin/assessments/campaign/change_form.html"
    list_display = ("reference", "campaign_name", "region", "opens_on", "closes_on", "state")
    list_filter = ("state", "code")
    list_select_related = ("region",)
    search_fields = ("=reference", "name_zh", "name_en")
    fields = (
        "reference",
        "state",
        "name_zh",
        "name_en",
        "code",
        "region",
        "audience",
        "sectors",
        "sizes",
        "opens_on",
        "closes_on",
        "listed_codes",
        "reach",
    )
    readonly_fields = ("reference", "state", "listed_codes", "reach", "bank")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        rows: Any = super().get_queryset(request)
        scoped: QuerySet[Campaign] = rows.in_scope_of(request.user).select_related("region", "made_by")
        return scoped

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)
        made.staff = request.user
        return made

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [name for name in self.fields or () if name not in self.readonly_fields]
        named = {} if self.has_change_permission(request, obj) else {"code": "bank"}
        return [named.get(name, name) for name in self.fields or ()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.state == Campaign.State.DRAFT
        return is_open and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        if not change:
            obj.made_by = request.user  # type: ignore[assignment]  # the desk is for users only
        super().save_model(request, obj, form, change)

    def verb_initial(self, request: HttpRequest, row: Any, verb: str) -> dict[str, Any]:
        return {"codes": "\n".join(row.listed)} if verb == "set_list" else {"closes_on": row.closes_on}

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        has_run = row.launched_at is not None
        return {
            "coverage_url": reverse("admin:assessments_campaign_coverage", args=[row.pk]) if has_run else ""
        }

    @admin.display(description=gettext_lazy("name"))
    def campaign_name(self, row: Campaign) -> str:
        return campaigns.name(row)

    @admin.display(description=gettext_lazy("question bank"))
    def bank(self, row: Campaign) -> str:
        return FrameworkVersion.objects.current().get(code=row.code).title

    @admin.display(description=gettext_lazy("list"))
    def listed_codes(self, row: Campaign) -> str:
        if not row.listed:
            return "–"
        missing = campaigns.unknown_codes(row)
        told = ngettext("%(count)s credit code", "%(count)s credit codes", len(row.listed)) % {
            "count": len(row.listed)
        }
        if not missing:
            return told
        return _("%(codes)s; not registered here yet: %(missing)s") % {
            "codes": told,
            "missing": ", ".join(missing[:50]) + (" …" if len(missing) > 50 else ""),
        }

    @admin.display(description=gettext_lazy("reach"))
    def reach(self, row: Campaign) -> str:
        return _reach_words(row)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<path:object_id>/coverage/",
                self.admin_site.admin_view(self.coverage_view),
                name="assessments_campaign_coverage",
            ),
            path(
                "<path:object_id>/coverage.xlsx",
                self.admin_site.admin_view(self.coverage_sheet),
                name="assessments_campaign_coverage_sheet",
            ),
        ]
        return [*own, *super().get_urls()]

    def coverage_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show how far a campaign is at this moment, by district; small numbers are not told."""
        row = self._running(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("How far it is: %s") % campaigns.name(row),
            "opts": self.opts,
            "original": row,
            "row_url": self.row_url(row),
            "coverage": campaigns.coverage(row),
            "at": calendar.now(),
            "fewest": FEWEST,
        }
        return TemplateResponse(request, "admin/assessments/campaign/coverage.html", context)

    def coverage_sheet(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand out the same table as xlsx."""
        row = self._running(request, object_id)
        response = HttpResponse(
            sheets.xlsx(_("Coverage"), *coverage_table(campaigns.coverage(row))), content_type=sheets.XLSX
        )
        response.headers["Content-Disposition"] = f'attachment; filename="{row.reference}.xlsx"'
        return response

    def _running(self, request: HttpRequest, object_id: str) -> Campaign:
        """Return a campaign that has been launched and that this person may see; else 404 or 403."""
        row: Campaign | None = self.get_object(request, object_id)
        if row is None or row.launched_at is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row
