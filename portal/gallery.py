"""Every component in both languages on one page, for those who build pages. Only while DEBUG is on."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.charts import bar_chart
from core.fields import IntegerField
from core.tiles import tile_map
from services.catalogue.models import Offering, Provider


class ExampleForm(forms.Form):
    """A form with one mistake in it."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 digits or capitals, top right of the licence"),
        min_length=18,
        error_messages={"min_length": _("The credit code must have 18 characters; this one has 17")},
    )
    employees = IntegerField(
        label=_("Number of staff"), required=False, widget=forms.NumberInput(attrs={"data-unit": _("people")})
    )
    region = forms.ChoiceField(
        label=_("District"), choices=[("370214", _("Chengyang")), ("370203", _("Shibei"))]
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("editor", _("May change")), ("viewer", _("May look"))],
        widget=forms.RadioSelect,
    )
    founded = forms.DateField(
        label=_("Founded on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    text = forms.CharField(
        label=_("What do you need?"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    papers = forms.FileField(
        label=_("Business licence"), required=False, help_text=_("Photo or PDF, up to 10 MB")
    )
    agreed = forms.BooleanField(label=_("I have read the privacy text"))


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show the gallery; outside of DEBUG there is no such page."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "portal/gallery.html", examples(request))


def examples(request: HttpRequest) -> dict[str, Any]:
    """Return one plausible set of variables for every component."""
    today = timezone.localdate()
    return {
        "form": ExampleForm(
            {"code": "91370200MA0000000", "region": "370214", "role": "editor", "agreed": "on"}
        ),
        "deadlines": [(today + timedelta(days=days), days) for days in (6, 23, 52, 0, -3)],
        "steps": _steps(),
        "tasks": [
            {
                "title": _("Give your enterprise's details"),
                "hint": _("Credit code, registered address"),
                "url": "#",
                "state": "done",
            },
            {"title": _("Name a contact"), "hint": "", "url": "#", "state": "started"},
            {
                "title": _("Upload the business licence"),
                "hint": _("Photo or PDF, up to 10 MB"),
                "url": "#",
                "state": "todo",
            },
            {"title": _("Check and submit"), "hint": "", "url": "", "state": "blocked"},
        ],
        "rows": [
            {"label": _("Name of the enterprise"), "value": _("Sample Precision Machinery"), "url": "#"},
            {"label": _("Number of staff"), "value": 86, "url": "#"},
            {"label": _("E-mail address"), "value": "", "url": "#"},
        ],
        "groups": [
            {
                "legend": _("Type of support"),
                "name": "kind",
                "options": [
                    {"value": "funding", "label": _("funding"), "count": 21, "checked": True},
                    {"value": "voucher", "label": _("voucher"), "count": 6, "checked": False},
                ],
            }
        ],
        "chips": [{"label": _("funding"), "url": "#"}, {"label": _("Chengyang"), "url": "#"}],
        "entries": _entries(),
        "offering": Offering(
            name_zh="专家进厂诊断",
            name_en="On-site expert diagnosis",
            description_zh="专家到现场看一天，写出问题清单和改造建议。",
            description_en="An expert spends a day on site and writes a list of problems and proposals.",
            is_free=True,
            turnaround_days=10,
            provider=Provider(
                name_zh="市中小企业服务中心（示例）", name_en="Municipal SME Service Centre (sample)"
            ),
        ),
        "figures": [
            {"label": _("Registered enterprises"), "value": 3482, "unit": ""},
            {"label": _("Free services"), "value": 92, "unit": "%"},
            {"label": _("Median first reply"), "value": None, "unit": _("working days")},
        ],
        "chart": _chart(),
        "map": tile_map(
            {"370200": 12, "370100": 7, "370600": None},
            {"370200": str(_("Qingdao")), "370100": str(_("Jinan"))},
            title=str(_("Platforms and parks in the sixteen cities")),
            unit=str(_("One square a city; west is left, north is up")),
            hidden="<5",
        ),
        "conditions": [
            {
                "requirement": _("Region: Qingdao City"),
                "verdict": "met",
                "verdict_label": _("met"),
                "fact": _("Chengyang District"),
                "origin": "2026-11-02",
            },
            {
                "requirement": _("Number of staff: at most 300"),
                "verdict": "unknown",
                "verdict_label": _("cannot be told yet"),
                "missing": [{"label": _("Number of staff"), "url": "#"}],
            },
        ],
        "page": Paginator(range(100), 20).get_page(request.GET.get("page", 2)),
        "missing": [{"label": _("add your qualifications"), "url": "#"}],
    }


def _steps() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"state": "done", "title": _("Submitted"), "at": now - timedelta(days=3)},
        {"state": "done", "title": _("Accepted"), "at": now - timedelta(days=2), "who": "Chen"},
        {
            "state": "now",
            "title": _("Please send the equipment list"),
            "note": _("The clock is paused until we hear from you."),
        },
        {"state": "next", "title": _("Expected by"), "on": date(2026, 12, 9)},
    ]


def _entries() -> list[dict[str, Any]]:
    now = timezone.now()
    file = {"name": "equipment.xlsx", "size": 48211, "url": "#"}
    note = _("Ask the expert team for a date.")
    return [
        {"author": "Li", "side": "owner", "at": now, "text": _("Here is the list."), "files": [file]},
        {"author": "Chen", "side": "staff", "at": now, "text": _("Thank you, it is complete.")},
        {"author": "Chen", "side": "staff", "internal": True, "at": now, "text": note},
    ]


def _chart() -> Any:
    received, completed = (182, 214, 247, 231, 268, 305), (161, 196, 240, 228, 251, 289)
    months = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
    return bar_chart(
        [(month[5:], (one, two)) for month, one, two in zip(months, received, completed, strict=True)],
        series=(pgettext("chart", "Received"), pgettext("chart", "Completed")),
        title=str(_("Requests, last six months")),
        unit=str(_("Number of requests")),
        label_heading=str(_("Month")),
    )
