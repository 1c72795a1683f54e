"""Panels of a low room's page that show higher rooms; the roof is the only place that may know them all."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context

from core.criteria import FactValue
from enterprises.models import Enterprise
from portal import glance, my
from services.assessments import standing
from services.assessments.models import Assessment

register = template.Library()


@register.inclusion_tag("portal/_enterprise_panels.html", takes_context=True)
def enterprise_panels(context: Context, known: Mapping[str, FactValue]) -> dict[str, Any]:
    """Show what waits for the enterprise the reader acts for, of which `known` are the facts."""
    request = context["request"]
    found = my.panels(request.user, request.enterprise, known, may_write=request.membership.may_write)
    return {"panels": found, "membership": request.membership}


@register.inclusion_tag("portal/_desk_rounds.html", takes_context=True)
def desk_rounds(context: Context, enterprise: Enterprise) -> dict[str, Any]:
    """Show staff who may read assessments where an enterprise of their region stands."""
    user = context["request"].user
    if not user.has_perm("assessments.view_assessment"):
        return {"rows": None}
    rows = Assessment.objects.in_scope_of(user).filter(enterprise=enterprise)
    return {"rows": standing.standings(standing.in_full(rows))}


@register.inclusion_tag("admin/service_requests/servicerequest/_glance.html", takes_context=True)
def enterprise_glance(context: Context) -> dict[str, Any]:
    """Show the desk the enterprise of a request: earlier requests, results of assessments."""
    user, seen = context["request"].user, context["request"].queue_rows
    return {"glance": glance.of(context["row"], user, seen)}
