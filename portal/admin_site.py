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
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import desk, operations

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
        return super().index(request, {**(extra_context or {}), **desk.board(request.user)})
