"""Pages of the roof that gather what several rooms know."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, npgettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import calendar, drawn, lately
from core.charts import BarChart, bar_chart
from enterprises.access import MemberRequest, needs_enterprise
from enterprises.models import Enterprise
from portal import menu, my, timeline
from portal.pages import ASKED_MOST
from services.catalogue import listing
from services.catalogue.models import Group, Offering
from services.catalogue.share import FreeShare
from services.policies import front, indexing
from services.policies.forms.check import CheckForm
from services.requests import figures

# Six months of figures move slowly; everything else on the page is read fresh.
FIGURES_SECONDS = 60
MOMENTS_A_PAGE = 20
SEARCH_WORDS = (
    pgettext_lazy("search", "diagnosis"),
    pgettext_lazy("search", "equipment renewal"),
    pgettext_lazy("search", "specialised SMEs"),
    pgettext_lazy("search", "loan"),
)


@dataclass(frozen=True)
class Module:
    """One of the four services: where it leads and one live number."""

    entry: menu.Entry
    glyph: str
    text: str | Promise
    group: str = ""


MODULES = (
    Module(
        menu.POLICIES, "glyph-policy.svg", _("Matched to your business, with the reason and the days left.")
    ),
    Module(
        menu.FACTORY,
        "glyph-factory.svg",
        _("Find out where your factory stands and what to improve first."),
        Group.DIGITAL_FACTORY,
    ),
    Module(
        menu.CLOUD,
        "glyph-cloud.svg",
        _("Choose a service that fits, with help before and after signing."),
        Group.CLOUD,
    ),
    Module(
        menu.INDUSTRY,
        "glyph-service.svg",
        _("Testing, identifiers, machine connection, expert visits."),
        Group.INDUSTRIAL,
    ),
)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the front page, every number from the database. Open to everybody."""
    today = calendar.today()
    offerings = list(Offering.objects.live().select_related("provider"))
    share = FreeShare(live=len(offerings), free=sum(offering.is_free for offering in offerings))
    of_policies = drawn.remembered(
        f"home {get_language()}", lambda: _of_policies(today), mark=indexing.contents()
    )
    context = {
        "nav": "home",
        "mostly_free": share.live > 0 and not share.is_alarming,
        "search_words": SEARCH_WORDS,
        "check_form": CheckForm(),
        "check_url": menu.address("policies:check"),
        "modules": _modules(offerings, of_policies["in_force"]),
        "closing": of_policies["closing"],
        "newest": of_policies["newest"],
        "feed_url": menu.address("policies:feed"),
        **_performance(share, today),
        "questions": ASKED_MOST,
    }
    return render(request, "portal/home.html", context)


def _of_policies(today: date) -> dict[str, Any]:
    """Return what changes with the notices only."""
    return {
        "in_force": front.in_force_count(today),
        "closing": front.closing_soon(3, today),
        "newest": front.newest(4, today),
    }


def _modules(offerings: list[Offering], in_force: int) -> list[dict[str, Any]]:
    listed = Counter(row.group for row in offerings if row.is_listed and listing.is_reachable(row))
    return [
        {
            "title": module.entry.label,
            "url": module.entry.url,
            "glyph": module.glyph,
            "text": module.text,
            "count": listed[module.group] if module.group else in_force,
            "unit": pgettext_lazy("module", "services to ask for")
            if module.group
            else pgettext_lazy("module", "in force"),
        }
        for module in MODULES
    ]


def _performance(share: FreeShare, today: date) -> dict[str, Any]:
    """Return the row of figures and the chart of requests by month."""
    months, median, enterprises = _measured(today)
    percent = None if share.percent is None else f"{share.percent:.1f}".removesuffix(".0")
    return {
        "figures": [
            {"label": _("Registered enterprises"), "value": enterprises, "unit": ""},
            {"label": _("Free services"), "value": percent, "unit": "%"},
            {"label": _("Median first reply"), **_reply(median)},
        ],
        "chart": chart_of(months),
    }


def _measured(today: date) -> tuple[list[figures.Month], int | None, int]:
    """Return the months, the median first reply and the number of enterprises, at most a minute old."""
    return lately.read(
        f"home.figures.{today}",
        lambda: (
            figures.by_month(today),
            figures.median_first_reply(today),
            Enterprise.objects.filter(merged_into=None).count(),
        ),
        seconds=FIGURES_SECONDS,
    )


def _reply(median: int | None) -> dict[str, Any]:
    if not median:
        return {"value": gettext("same day") if median == 0 else None, "unit": ""}
    return {"value": median, "unit": npgettext("unit", "working day", "working days", median)}


def chart_of(months: list[figures.Month]) -> BarChart:
    """Lay out received and completed requests by month."""
    return bar_chart(
        [(_month(row.first_day), (row.received, row.resolved)) for row in months],
        series=(pgettext("chart", "Received"), pgettext("chart", "Completed")),
        title=gettext("Requests, last six months"),
        unit=gettext("Number of requests"),
        label_heading=gettext("Month"),
    )


def _month(day: date) -> str:
    return date_format(day, "M") if get_language() == "en" else f"{day.month}月"


@require_safe
@needs_enterprise
def enterprise_timeline(request: MemberRequest) -> HttpResponse:
    """Show everything that happened with the enterprise on one page; every member may look."""
    asked = request.GET.get("group", "")
    group = asked if asked in timeline.GROUPS else ""
    sources = timeline.sources(request.user, request.enterprise, group)
    page = Paginator(timeline.every_moment(sources), MOMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "moments": timeline.in_words(page.object_list, sources),
        "groups": [
            {"label": label, "url": f"?group={code}" if code else request.path, "is_chosen": code == group}
            for code, label in timeline.GROUPS.items()
        ],
        "group": timeline.GROUPS[group] if group else "",
        "nav": "enterprise",
    }
    return render(request, "portal/timeline.html", context)


@require_safe
@needs_enterprise
def my_enterprises(request: MemberRequest) -> HttpResponse:
    """List every enterprise a person acts for, an agent's clients too, with what waits there."""
    context = {
        "clients": my.clients(request.user, request.memberships, request.membership),
        "nav": "enterprise",
    }
    return render(request, "portal/my_enterprises.html", context)
