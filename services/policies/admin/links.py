"""The outside addresses of notices and how they answered; read only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin.audited import ReadOnlyAdmin
from services.policies import link_words
from services.policies.models import LinkState


class DeadFilter(admin.SimpleListFilter):
    """Show only addresses that failed at least twice on end."""

    title = _("answers when asked")
    parameter_name = "dead"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("dead: failed twice or more"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(failures__gte=2) if self.value() == "yes" else queryset


@admin.register(LinkState)
class LinkStateAdmin(ReadOnlyAdmin):
    """Addresses, the dead first. They are tried daily where LINK_CHECKS is on."""

    list_display = ("url", "notice", "failures", "said", "tried_at")
    list_filter = (DeadFilter,)
    list_select_related = ("notice",)
    search_fields = ("url", "notice__title_zh")
    fields = readonly_fields = ("notice", "url", "failures", "said", "tried_at", "told_at")

    @admin.display(description=_("what went wrong"))
    def said(self, link: LinkState) -> str:
        return link_words.error(link.error)
