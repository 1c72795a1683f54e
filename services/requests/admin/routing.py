"""The table of routing rules at the desk, with a trial on the last requests before a rule is switched on."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, calendar
from core.admin import AuditedAdmin
from services.requests import board, routing
from services.requests.admin.forms import RuleForm
from services.requests.models import RoutingChoice, RoutingRule, ServiceRequest

TRIED = 50
KEPT = ("position", "is_active", "group", "offering_id", "words", "region_id", "to_group", "officer_id")


@admin.register(RoutingRule)
class RoutingRuleAdmin(AuditedAdmin):
    """Rules are tried by position; the first that matches decides. A rule is switched off, never deleted."""

    may_add = True
    form = RuleForm
    list_display = ("position", "name", "is_active", "asks", "gives")
    list_display_links = ("name",)
    list_select_related = ("offering", "region", "officer")
    change_list_template = "admin/service_requests/routingrule/change_list.html"
    change_form_template = "admin/service_requests/routingrule/change_form.html"
    fieldsets = (
        (None, {"fields": ("position", "name", "is_active")}),
        (gettext_lazy("What it asks of the request"), {"fields": ("group", "offering", "words", "region")}),
        (
            gettext_lazy("What it asks of the enterprise"),
            {
                "fields": (
                    "sizes",
                    "industry",
                    "qualifications",
                    "employees_from",
                    "employees_to",
                    "level_from",
                )
            },
        ),
        (gettext_lazy("Where it goes"), {"fields": ("to_group", "officer", "team")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the rule in words to those who may only read it."""
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("position", "name", "is_active", "asks", "gives")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        may_write = self.has_change_permission(request, obj)
        return () if may_write else ("position", "name", "is_active", "asks", "gives")

    def get_urls(self) -> list[URLPattern]:
        trial = self.admin_site.admin_view(self.trial_view)
        return [path("trial/", trial, name="service_requests_routingrule_trial"), *super().get_urls()]

    @admin.display(description=gettext_lazy("asks"))
    def asks(self, rule: RoutingRule) -> str:
        parts = (rule.get_group_display() if rule.group else "", rule.offering, rule.region, rule.words)
        conditions = [str(routing.facts.kind_of(row["fact"]).label) for row in rule.criteria]
        return " · ".join([str(part) for part in parts if part] + conditions) or _("nothing: matches all")

    @admin.display(description=gettext_lazy("gives to"))
    def gives(self, rule: RoutingRule) -> str:
        queue = rule.get_to_group_display() if rule.to_group else ""
        return " · ".join(str(part) for part in (queue, rule.officer) if part) or _("a team")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Keep what the rule says now: it holds codes and numbers, nothing personal."""
        says = {name: getattr(obj, name) for name in KEPT} | {"criteria": obj.criteria}
        return audit.record(obj, "change", by=request.user, data={"fields": message, "now": says})

    def trial_view(self, request: HttpRequest) -> HttpResponse:
        """Show where the last requests would go by the present rules; `with` tries one not in use yet."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("with", "")
        number = int(asked) if asked.isdecimal() and len(asked) < 10 else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try the rules on the last requests"),
            "opts": self.opts,
            "trying": RoutingRule.objects.filter(pk=number).first() if number else None,
            "trials": _trials(request.user, number),
        }
        return TemplateResponse(request, "admin/service_requests/routingrule/trial.html", context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        rule = kwargs.get("obj")
        trial = reverse("admin:service_requests_routingrule_trial")
        return super().render_change_form(
            request, {**context, "trial_url": f"{trial}?with={rule.pk}" if rule else ""}, *args, **kwargs
        )


def _trials(user: Any, trying: int | None) -> list[dict[str, Any]]:
    """Give, for each of the last requests in this person's scope, the rule it went by and the one now."""
    rows = list(
        ServiceRequest.objects.in_scope_of(user)
        .select_related("enterprise", "offering")
        .order_by("-id")[:TRIED]
    )
    went = dict(
        RoutingChoice.objects.filter(service_request__in=rows).values_list("service_request", "rule__name")
    )
    tried = routing.table(calendar.today(), trying=trying)
    return [_trial(row, case, went, tried) for row, case in zip(rows, routing.cases(rows), strict=True)]


def _trial(row: ServiceRequest, case: Any, went: dict[int, Any], tried: routing.Table) -> dict[str, Any]:
    choice = routing.choose(row, case, tried)
    before, now = went.get(row.pk) or "", choice.rule.name if choice.rule else ""
    return {
        "row": row,
        "url": board.desk_url(row),
        "before": before,
        "now": now,
        "officer": choice.officer,
        "is_changed": before != now,
        "looks": [routing.in_words(look) for look in choice.stored()],
    }
