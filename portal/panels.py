"""Panels of a low room's page that show higher rooms; the roof is the only place that may know them all."""

from typing import Any

from django import template
from django.template import Context

from portal import my

register = template.Library()


@register.inclusion_tag("portal/_enterprise_panels.html", takes_context=True)
def enterprise_panels(context: Context) -> dict[str, Any]:
    """Show what waits for the enterprise the reader acts for: requests, fitting items, drafts."""
    request = context["request"]
    found = my.panels(request.user, request.enterprise)
    return {"panels": found, "membership": request.membership}
