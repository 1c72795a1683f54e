"""The desk: the stock admin with our sign-in, our landing board and no second way to do a thing."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

from portal import desk

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
        return [entry for entry in super().get_urls() if getattr(entry, "name", None) not in _LEFT_OUT]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show today's board above the list of rooms."""
        return super().index(request, {**(extra_context or {}), **desk.board(request.user)})
