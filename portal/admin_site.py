"""The desk: the stock admin with our sign-in, our landing board and no second way to do a thing."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import sheets
from portal import desk, operations, policy_board
from portal.indicators import activity
from portal.indicators.activity import Cut, Report
from services.catalogue.models import Group

KEYS = "desk_keys"
A_YEAR = 365 * 24 * 3600
# Passwords are changed on the account page; objects are found through their lists.
_LEFT_OUT = {"password_change", "password_change_done", "view_on_site"}


class Desk(AdminSite):
    """Staff sign in through the account pages, with their second factor; there is no login here."""

    site_header = _("Digital transformation service desk")
    site_title = _("Service desk")
    index_title = _("Today's work")

    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send visitors to sign in and come back; send people without desk rights to their own pages."""
        if request.user.is_authenticated and not self.has_permission(request):
            return HttpResponseRedirect(reverse("enterprises:home"))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("keys/", self.admin_view(require_http_methods(["GET", "POST"])(self.keys)), name="keys"),
            path("activity/", self.admin_view(require_GET(self.activity)), name="activity"),
            path(
                "activity/<slug:kind>/",
                self.admin_view(require_GET(self.activity_file)),
                name="activity_file",
            ),
            path("policy-board/", self.admin_view(require_GET(self.policy_board)), name="policy_board"),
            path("operations/", self.admin_view(require_GET(self.operations)), name="operations"),
            path(
                "operations/<str:job>/start/",
                self.admin_view(require_POST(self.start_job)),
                name="start_job",
            ),
            *(entry for entry in super().get_urls() if getattr(entry, "name", None) not in _LEFT_OUT),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "desk_keys": request.COOKIES.get(KEYS) != "off"}

    def keys(self, request: HttpRequest) -> HttpResponse:
        """Show the keys of the desk; switch them off or on in this browser."""
        if request.method != "POST":
            context = {**self.each_context(request), "title": _("Keys of the desk")}
            return TemplateResponse(request, "admin/keys.html", context)
        response = HttpResponseRedirect(reverse("admin:keys"))
        if request.POST.get("keys") == "off":
            response.set_cookie(
                KEYS, "off", max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
            )
        else:
            response.delete_cookie(KEYS, samesite="Lax")
        return response

    def operations(self, request: HttpRequest) -> TemplateResponse:
        """Show how the background does, to those who may see the runs of jobs."""
        if not request.user.has_perm(operations.VIEW):
            raise PermissionDenied
        context = {
            **self.each_context(request),
            **operations.status(),
            "title": _("Operations"),
            "may_start": request.user.has_perm(operations.START),
        }
        return TemplateResponse(request, "admin/operations.html", context)

    def activity(self, request: HttpRequest) -> TemplateResponse:
        """Show the report of a month to those who lead, within their regions and modules."""
        found = _activity(request)
        context = {
            **self.each_context(request),
            "report": found,
            "months": activity.offered(),
            "cities": activity.cities(),
            "groups": Group.choices,
            "query": urlencode(
                {"month": f"{found.month:%Y-%m}", "city": found.cut.city, "group": found.cut.group}
            ),
            "title": found.title,
        }
        return TemplateResponse(request, "admin/activity.html", context)

    def activity_file(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Give the report as PDF or xlsx."""
        found = _activity(request)
        if kind == "pdf":
            content = activity.as_pdf(found, language=translation.get_language() or "")
            content_type = "application/pdf"
        elif kind == "xlsx":
            content, content_type = activity.as_xlsx(found), sheets.XLSX
        else:
            raise Http404
        name = "-".join(filter(None, (f"activity-{found.month:%Y-%m}", found.cut.city, found.cut.group)))
        headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
        return HttpResponse(content, content_type=content_type, headers=headers)

    def policy_board(self, request: HttpRequest) -> TemplateResponse:
        """Show those who make policy what firms miss, as far as each may see it."""
        if not policy_board.is_open_to(request.user):
            raise PermissionDenied
        context = {
            **self.each_context(request),
            **policy_board.build(request.user),
            "title": _("Board of policy"),
        }
        return TemplateResponse(request, "admin/policy_board.html", context)

    def start_job(self, request: HttpRequest, job: str) -> HttpResponse:
        """Have one job run now."""
        try:
            operations.start(job, by=request.user)
        except KeyError:
            raise Http404 from None
        messages.success(request, _("A worker was asked to run it."))
        return HttpResponseRedirect(reverse("admin:operations"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show today's board above the list of rooms."""
        return super().index(request, {**(extra_context or {}), **desk.landing(request.user)})


def _activity(request: HttpRequest) -> Report:
    """Return the report asked for; what the address does not say, or says wrong, is the default."""
    if not request.user.has_perm(activity.VIEW):
        raise PermissionDenied
    months = {f"{month:%Y-%m}": month for month in activity.offered()}
    asked = request.GET
    cut = activity.cuts_of(request.user)[0]
    if "city" in asked or "group" in asked:
        city, group = asked.get("city", ""), asked.get("group", "")
        known = {region.code for region in activity.cities()}
        cut = Cut(city if city in known else "", group if group in Group.values else "")
    if not activity.may_see(request.user, cut):
        raise PermissionDenied
    return activity.report(months.get(asked.get("month", ""), activity.last_month()), cut)
