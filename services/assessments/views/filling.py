"""Filling in: the task list, who answers which part, and the questions one page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar
from core.lifecycle import TransitionRefused
from services.assessments import access, actions, conditions, evidence, wording
from services.assessments import answers as answering
from services.assessments.answers import Collected, LastTime
from services.assessments.forms.filling import SectionForm, initial_of
from services.assessments.frameworks.schema import Section
from services.assessments.models import Assessment, State
from services.assessments.views.navigation import section_url, to, too_late


@dataclass(frozen=True)
class Beside:
    """What a page shows beside its questions: pieces of evidence by item, and the answers of last time."""

    evidence: dict[str, int]
    before: LastTime | None


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the parts, how far each is, who has it, and where to go on."""
    assessment = access.mine(request.user, reference)
    if assessment.state != State.DRAFT:
        return to("result", assessment)
    collected = answering.collect(assessment)
    owners = {row.section: row.user for row in assessment.section_owners.select_related("user")}
    following = collected.first_open_section()
    may_write = access.may_write(assessment, request.user)
    context = {
        "assessment": assessment,
        "tasks": [_task(assessment, one, collected, owners) for one in collected.sections],
        "answered": len(collected.items) - len(collected.open_items()),
        "total": len(collected.items),
        "not_asked": len(collected.hidden),
        "next_url": section_url(assessment, following) if following else "",
        "note": wording.say(assessment.framework.note),
        "may_write": may_write,
        "owners": _owner_rows(assessment, collected, owners) if may_write else [],
        "colleagues": access.colleagues(assessment) if may_write else [],
        "nav": "factory",
    }
    return render(request, "assessments/detail.html", context)


def _task(
    assessment: Assessment, section: Section, collected: Collected, owners: dict[str, Any]
) -> dict[str, Any]:
    done, total = collected.answered_in(section), len(section.items)
    hint = ngettext("%(done)s of %(total)s answered", "%(done)s of %(total)s answered", total) % {
        "done": done,
        "total": total,
    }
    if section.id in owners:
        hint = _("%(hint)s · answered by %(name)s") % {"hint": hint, "name": owners[section.id]}
    state = (
        "done"
        if done == total
        else "started"
        if any(collected.said.get(i.id) for i in section.items)
        else "todo"
    )
    return {
        "title": wording.section_title(section),
        "hint": hint,
        "url": section_url(assessment, section),
        "state": state,
    }


def _owner_rows(assessment: Assessment, collected: Collected, owners: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": wording.section_title(section),
            "url": reverse("assessments:owner", args=[assessment.reference, section.id]),
            "id": section.id,
            "owner": owners[section.id].pk if section.id in owners else None,
        }
        for section in collected.sections
    ]


@require_POST
def owner(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Give a part to a colleague, or to nobody in particular."""
    assessment = _draft_to_write(request, reference)
    part = _section(assessment, section)
    typed = request.POST.get("user", "")
    people = {str(person.pk): person for person in access.colleagues(assessment)}
    if typed and typed not in people:
        messages.error(
            request, _("This person does not answer for your enterprise. Choose a name of the list.")
        )
        return to("detail", assessment)
    try:
        actions.give_section(assessment, part, people.get(typed), by=request.user)
    except TransitionRefused:
        return too_late(request, assessment)
    messages.success(request, _("Saved."))
    return to("detail", assessment)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Show one page of questions, or keep its answers and go on."""
    assessment = access.mine(request.user, reference)
    whole = _section(assessment, section)
    if assessment.state != State.DRAFT:
        return too_late(request, assessment)
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    part = answering.collect(assessment).section(whole.id)
    if part is None:
        messages.info(request, _("By your answers so far, nothing of this part is asked of you."))
        return to("detail", assessment)
    if request.method != "POST":
        return _page(request, assessment, part, None)
    form = SectionForm(part, request.POST, edition=_edition(assessment))
    is_sound = form.is_valid()
    if "autosave" in request.POST:
        return _autosave(request, assessment, part, form if is_sound else None)
    if not is_sound:
        return _page(request, assessment, part, form)
    return _keep(request, assessment, part, form)


def _keep(request: HttpRequest, assessment: Assessment, part: Section, form: SectionForm) -> HttpResponse:
    try:
        seen = _moment(form.cleaned_data["seen"])
        actions.save_section(assessment, part, form.replies(), by=request.user, seen=seen)
    except actions.AnotherWindow as other:
        return _ask_again(request, assessment, part, other.at)
    except TransitionRefused:
        return too_late(request, assessment)
    if request.POST.get("evidence") in {item.id for item in part.items}:
        return to("evidence", assessment, request.POST["evidence"])
    if "later" in request.POST:
        messages.success(request, _("Saved. You find it again under “My assessments”."))
        return to("detail", assessment)
    following = answering.collect(assessment).after(part)
    if request.GET.get("from") == "check" or following is None:
        return to("check", assessment)
    return HttpResponseRedirect(section_url(assessment, following))


def _autosave(
    request: HttpRequest, assessment: Assessment, part: Section, form: SectionForm | None
) -> JsonResponse:
    """Keep sound answers while they are given; say when, or nothing. The page itself names what is wrong."""
    if form is None:
        return JsonResponse({"said": ""})
    try:
        seen = _moment(form.cleaned_data["seen"])
        actions.save_section(assessment, part, form.replies(), by=request.user, seen=seen)
    except (actions.AnotherWindow, TransitionRefused):
        return JsonResponse({"said": ""})
    at = date_format(localtime(calendar.now()), "H:i:s")
    return JsonResponse(
        {"seen": _seen(assessment, part, request.user), "said": _("Saved at %(time)s.") % {"time": at}}
    )


def _seen(assessment: Assessment, part: Section, user: Any) -> str:
    """Return when the person's newest answer of this page stood; '' for none."""
    mine = assessment.answer_rows.filter(respondent=user, item__in=[item.id for item in part.items])
    newest = mine.aggregate(newest=Max("answered_at"))["newest"]
    return newest.isoformat() if newest else ""


def _ask_again(request: HttpRequest, assessment: Assessment, part: Section, at: datetime) -> HttpResponse:
    """Show what was typed with a word of warning; sending it again keeps it."""
    data = request.POST.copy()
    data["seen"] = at.isoformat()
    form = SectionForm(part, data, edition=_edition(assessment))
    form.is_valid()
    form.add_error(
        None,
        _(
            "You changed this page in another window at %(time)s. What you typed here stands below."
            " Send it again to keep it."
        )
        % {"time": date_format(localtime(at), "H:i:s")},
    )
    return _page(request, assessment, part, form)


def _page(
    request: HttpRequest, assessment: Assessment, part: Section, form: SectionForm | None
) -> HttpResponse:
    collected = answering.collect(assessment)
    beside = Beside(evidence.counts(assessment), answering.last_time(assessment))
    if form is None:
        rows = _shown_answers(collected, part, request.user)
        initial = {**initial_of(part, rows), "seen": _seen(assessment, part, request.user)}
        form = SectionForm(part, initial=initial, edition=_edition(assessment))
    names = [one.id for one in collected.sections]
    place = names.index(part.id)
    context = {
        "assessment": assessment,
        "section": part,
        "title": wording.section_title(part),
        "form": form,
        "groups": [_group_rows(group, form, collected, request.user, beside) for group in part.groups],
        "last_time": beside.before.row.finished_at if beside.before else None,
        "number": place + 1,
        "total": len(names),
        "answered": collected.answered_in(part),
        "count": len(part.items),
        "back_url": section_url(assessment, collected.sections[place - 1])
        if place
        else reverse("assessments:detail", args=[assessment.reference]),
        "journey": True,
        "nav": "factory",
    }
    return render(request, "assessments/section.html", context)


def _shown_answers(collected: Collected, part: Section, user: Any) -> dict[str, Any]:
    """Prefer the person's own answer, else show what counts."""
    shown = {}
    for item in part.items:
        own = next((row for row in collected.said.get(item.id, []) if row.respondent_id == user.pk), None)
        row = own or collected.counting.get(item.id)
        if row is not None:
            shown[item.id] = row
    return shown


def _group_rows(
    group: Any, form: SectionForm, collected: Collected, user: Any, beside: Beside
) -> dict[str, Any]:
    fields = []
    placed: set[str] = set()
    for item in group.items:
        figures = [f"n_{one.id}" for one in item.inputs]
        fields.append(
            {
                "figures": [form[name] for name in figures if name not in placed],
                "field": form[item.id],
                "constrained": item.constrained,
                "whom": conditions.whom(item) if item.only_if else "",
                "evidence": evidence.count_words(beside.evidence.get(item.id, 0)),
                "before": beside.before.words(item.id) if beside.before else "",
                "others": [
                    {"name": str(row.respondent), "answer": wording.answer(item, row.options)}
                    for row in collected.others(item.id, user)
                ],
            }
        )
        placed |= set(figures)
    titles = {item.title for item in group.items}
    return {"title": "" if titles == {group.title} else wording.say(group.title), "fields": fields}


# --- what the pages share -----------------------------------------------------------


def _draft_to_write(request: HttpRequest, reference: str) -> Assessment:
    assessment = access.mine(request.user, reference)
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    return assessment


def _section(assessment: Assessment, name: str) -> Section:
    found = assessment.framework.section(name)
    if found is None:
        raise Http404
    return found


def _edition(assessment: Assessment) -> str:
    return str(assessment.version.digest[:12])


def _moment(typed: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.tzinfo else None
