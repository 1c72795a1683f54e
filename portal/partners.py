"""What partners show: the sub-portal of a park, and the widget that a partner's own site may frame.

Both are filters over the rows of the rooms; nothing is copied. The widget has no form, no script and no
cookie of its own; which sites may frame it is said by its content policy, partner by partner.
"""

from __future__ import annotations

from typing import Any

from csp.constants import NONE
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import calendar
from services.industry import sharing
from services.industry.models import Partner
from services.policies import front

IN_PORTAL = 12
IN_WIDGET = 4


@login_not_required
@require_safe
def park(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sub-portal of a park: services, events and policies of its place. Open to everybody."""
    partners = Partner.objects.public().filter(park__state=Partner.State.PUBLISHED)
    partner = get_object_or_404(partners.select_related("park", "region"), park__slug=slug)
    return render(request, "portal/park.html", {**_shown(partner, IN_PORTAL), "nav": "industry"})


@login_not_required
@require_safe
def widget(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a partner's widget, for the sites named in its row and no others. Open to everybody."""
    partner = get_object_or_404(Partner.objects.public().select_related("park", "region"), slug=slug)
    response = render(request, "portal/widget.html", _shown(partner, IN_WIDGET))
    response._csp_replace = {"frame-ancestors": partner.origins or [NONE]}  # type: ignore[attr-defined]  # read by django-csp
    # The older header knows one site only; where nobody may frame it, it stays.
    response.xframe_options_exempt = bool(partner.origins)
    return response


def _shown(partner: Partner, most: int) -> dict[str, Any]:
    return {
        "partner": partner,
        "offerings": sharing.offerings_for(partner, most),
        "occasions": sharing.occasions_for(partner, calendar.now(), most),
        "policies": front.newest_at(partner.region, most),
    }
