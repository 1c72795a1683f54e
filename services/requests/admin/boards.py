"""Two boards beside the queue: load and lateness for leads, unmet demand for those who make policy."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from services.requests import load, unmet
from services.requests.lifecycle import ASSIGN

UNMET = "service_requests.view_unmet"


class Boards(admin.ModelAdmin):
    """Adds the two pages to the queue's addresses."""

    def get_urls(self) -> list[URLPattern]:
        wrap, prefix = self.admin_site.admin_view, "service_requests_servicerequest"
        return [
            path("load/", wrap(self.load_view), name=f"{prefix}_load"),
            path("unmet/", wrap(self.unmet_view), name=f"{prefix}_unmet"),
            *super().get_urls(),
        ]

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Show what each officer carries; for those who may assign."""
        if not request.user.has_perm(ASSIGN):
            raise PermissionDenied
        overview = load.overview(request.user, timezone.now())
        return self._board(request, "load", _("Load and lateness"), overview=overview, days=load.LOOKED_BACK)

    def unmet_view(self, request: HttpRequest) -> HttpResponse:
        """Show what was asked for and not given, in numbers only."""
        if not request.user.has_perm(UNMET):
            raise PermissionDenied
        now = timezone.now()
        return self._board(
            request,
            "unmet",
            _("What we could not meet"),
            wishes=unmet.wishes(now),
            places=unmet.places(now),
            searches=unmet.searches(now),
            days=unmet.LOOKED_BACK,
        )

    def _board(self, request: HttpRequest, name: str, title: str, **shown: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **shown}
        return TemplateResponse(request, f"admin/service_requests/servicerequest/{name}.html", context)
