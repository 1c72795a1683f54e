"""The profile: every fact with its source and dates, and a form for each topic."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core import calendar
from enterprises import facts, size_words, wording, zones
from enterprises.access import MemberRequest, needs_enterprise, needs_writer
from enterprises.actions import update_contact, update_profile
from enterprises.forms.topics import TOPICS, answers_from
from enterprises.models import Fact
from enterprises.views.questions import Question, has_groups

STATED = ("region", "industry", "figures", "qualifications", "zones")
EDITABLE = (*STATED, "contact")


@needs_enterprise
@require_GET
def profile(request: MemberRequest) -> HttpResponse:
    """Show what is known of the enterprise, from whom and since when; every member may."""
    rows = {row.code: row for row in request.enterprise.facts.current()}
    sections = [_section(slug, rows) for slug in STATED if slug != "zones" or _zones(rows)]
    size = size_words.in_words(facts.from_rows(rows.values()), calendar.today())
    others = [_line(row.code, row) for code, row in rows.items() if code in _NOT_ASKED]
    return render(
        request,
        "enterprises/profile.html",
        {"nav": "enterprise", "sections": sections, "size": size, "others": others},
    )


_ASKED = {code for slug in STATED for code in TOPICS[slug].form.covers}
_NOT_ASKED = set(facts.VOCABULARY) - _ASKED


def _section(slug: str, rows: dict[str, Fact]) -> dict[str, Any]:
    topic = TOPICS[slug]
    codes = topic.form.covers
    if slug == "qualifications":
        # Thirteen lines of "not provided" hide the one that matters.
        codes = tuple(code for code in codes if code in rows)
    if slug == "zones":
        codes = _zones(rows)
    return {
        "slug": slug,
        "title": topic.title,
        "lines": [_line(code, rows.get(code)) for code in codes],
        "url": reverse("enterprises:profile_edit", args=[slug]),
    }


def _zones(rows: dict[str, Fact]) -> tuple[str, ...]:
    """Name the facts of the zones that are asked for, or were said."""
    region = rows.get(facts.REGION)
    asked = zones.asked_of(region.value if region else "", calendar.today())
    said = sorted(code for code in rows if facts.is_zone(code))
    return tuple(dict.fromkeys([*(facts.zone_code(zone.code) for zone in asked), *said]))


def _line(code: str, row: Fact | None) -> dict[str, Any]:
    label = wording.fact_name(code)
    if row is None:
        return {"label": label, "value": ""}
    value = facts.from_rows([row])[code]
    return {
        "label": label,
        "value": wording.fact_in_words(code, value),
        "source": row.get_source_display(),
        "on": row.on,
        "expires_on": row.expires_on,
        "has_expired": value.has_expired(calendar.today()),
    }


@needs_writer
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, slug: str, division: str = "") -> HttpResponse:
    """Ask one topic anew; owners and editors may."""
    if slug not in EDITABLE or (division and not has_groups(division)):
        raise Http404
    question = Question(request, TOPICS[slug], _answers(request), division=division)
    if request.method == "POST" and question.form.is_valid():
        group_url = question.group_url("enterprises:profile_group")
        if group_url:
            return HttpResponseRedirect(group_url)
        _save(request, question)
        return HttpResponseRedirect(reverse("enterprises:profile"))
    return render(
        request,
        "enterprises/profile_edit.html",
        {
            "nav": "enterprise",
            "journey": True,
            "has_errors": bool(question.form.errors),
            **question.context(),
        },
    )


def _answers(request: MemberRequest) -> dict[str, str]:
    enterprise = request.enterprise
    contact = {"contact_name": enterprise.contact_name, "contact_phone": enterprise.contact_phone}
    return {**contact, **answers_from(list(enterprise.facts.current()))}


def _save(request: MemberRequest, question: Question) -> None:
    form = question.form
    if question.topic.slug == "contact":
        update_contact(request.enterprise, **form.cleaned_data, by=request.user)
        outweighed: list[Fact] = []
    else:
        outweighed = update_profile(
            request.enterprise, form.statements(), covers=form.covers, by=request.user
        )
    messages.success(request, _("Saved."))
    if outweighed:
        messages.warning(request, _outweighed_in_words(len(outweighed)))


def _outweighed_in_words(count: int) -> str:
    return ngettext(
        "%(count)s answer is kept, but what staff, a document or the registry confirmed goes on counting."
        " Ask us if that is wrong.",
        "%(count)s answers are kept, but what staff, a document or the registry confirmed goes on counting."
        " Ask us if that is wrong.",
        count,
    ) % {"count": count}
