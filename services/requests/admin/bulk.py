"""Several requests at once: a page says first what will change and who gets mail, word for word if asked."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import once, rehearsal
from core.lifecycle import TransitionRefused
from core.rehearsal import Rehearsal
from core.verbs import Verb
from services.requests import actions, parties
from services.requests.admin import export
from services.requests.admin.forms import BulkAssignForm, ReclassifyForm
from services.requests.facets import desk_word
from services.requests.forms import AskForm, ResolveForm
from services.requests.lifecycle import ASSIGN, REQUEST, TRIAGE
from services.requests.models import ServiceRequest

AT_ONCE = 100


class BulkVerbs(admin.ModelAdmin):
    """Verbs over several rows of the queue; each row is its own transaction and tells its own people."""

    extra_verbs: dict[str, Verb] = {}

    actions = [
        "take_chosen",
        "assign_chosen",
        "ask_chosen",
        "reclassify_chosen",
        "resolve_chosen",
        "export_chosen",
    ]

    def has_triage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(TRIAGE)

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ASSIGN)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("service_requests.export")

    @admin.action(description=gettext_lazy("Export as a spreadsheet"), permissions=["export"])
    def export_chosen(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> HttpResponse | None:
        return export.workbook(request, rows)

    @admin.action(description=gettext_lazy("Ask for papers"), permissions=["triage"])
    def ask_chosen(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> HttpResponse | None:
        return self._bulk(
            request,
            rows,
            "ask",
            AskForm(_given(request)),
            lambda row, given: actions.ask_for_papers(row, given["asks"], given["text"], by=request.user),
        )

    @admin.action(description=gettext_lazy("Close with a reply"), permissions=["triage"])
    def resolve_chosen(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> HttpResponse | None:
        return self._bulk(
            request,
            rows,
            "resolve",
            ResolveForm(_given(request)),
            lambda row, given: actions.resolve(row, given["outcome"], by=request.user),
        )

    @admin.action(description=gettext_lazy("Take"), permissions=["triage"])
    def take_chosen(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> HttpResponse | None:
        return self._bulk(request, rows, "take", None, lambda row, _given: actions.take(row, by=request.user))

    @admin.action(description=gettext_lazy("Assign"), permissions=["assign"])
    def assign_chosen(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> HttpResponse | None:
        form = BulkAssignForm(_given(request))
        return self._bulk(
            request,
            rows,
            "assign",
            form,
            lambda row, given: actions.assign(row, to=given["to"], by=request.user),
        )

    @admin.action(description=gettext_lazy("Change the service"), permissions=["triage"])
    def reclassify_chosen(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> HttpResponse | None:
        return self._bulk(
            request,
            rows,
            "reclassify",
            ReclassifyForm(_given(request)),
            lambda row, given: actions.reclassify(row, given["offering"], given["group"], by=request.user),
        )

    def _bulk(
        self,
        request: HttpRequest,
        rows: QuerySet[ServiceRequest],
        verb: str,
        form: BaseForm | None,
        act: Callable[[ServiceRequest, dict[str, Any]], Any],
    ) -> HttpResponse | None:
        chosen = list(rows.select_related("enterprise", "offering", "holder", "requester")[:AT_ONCE])
        if "confirmed" not in request.POST or (form is not None and not form.is_valid()):
            return self._ask_first(request, chosen, verb, form)
        given = form.cleaned_data if form is not None else {}
        if "preview" in request.POST:
            return self._ask_first(
                request, chosen, verb, form, rehearsal.of(lambda: _all(chosen, lambda row: act(row, given)))
            )
        token = request.POST.get("form_token", "")[:64] or once.new_token()
        once.only(
            token,
            purpose=f"desk.bulk.{verb}",
            owner=str(request.user.pk),
            act=lambda: self._carry_out(request, chosen, lambda row: act(row, given)),
        )
        return None

    def _carry_out(
        self, request: HttpRequest, chosen: list[ServiceRequest], act: Callable[[ServiceRequest], Any]
    ) -> str:
        done, left = _all(chosen, act)
        text = ngettext("%(count)s request changed.", "%(count)s requests changed.", done) % {"count": done}
        messages.success(request, text)
        if left:
            messages.warning(request, _("Left as they were: %(rows)s.") % {"rows": ", ".join(left)})
        return str(done)

    def _ask_first(
        self,
        request: HttpRequest,
        chosen: list[ServiceRequest],
        verb: str,
        form: BaseForm | None,
        found: Rehearsal | None = None,
    ) -> HttpResponse:
        """Show each row with what will happen to it and who will be told."""
        context = {
            **self.admin_site.each_context(request),
            "title": self._label(verb),
            "verb": f"{verb}_chosen",
            "effects": [self._effect(row, verb) for row in chosen],
            "form": form,
            "rehearsal": found,
            "chosen": [row.pk for row in chosen],
            "checkbox": ACTION_CHECKBOX_NAME,
            "form_token": once.new_token(),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/service_requests/servicerequest/bulk.html", context)

    def _label(self, verb: str) -> str | Promise:
        if verb in REQUEST.transitions:
            return REQUEST.transitions[verb].label
        return str(self.extra_verbs[verb].label)

    def _effect(self, row: ServiceRequest, verb: str) -> dict[str, Any]:
        if verb == "reclassify":
            return self._new_kind(row)
        transition = REQUEST.transitions[verb]
        is_open = row.state in transition.sources or (verb == "assign" and row.is_open)
        target = row.state if row.state not in transition.sources else transition.target
        return {
            "row": row,
            "before": desk_word(row.state),
            "after": desk_word(target) if is_open else "",
            "told": _readers(row) if is_open else "",
        }

    def _new_kind(self, row: ServiceRequest) -> dict[str, Any]:
        return {
            "row": row,
            "before": row.offering.name if row.offering else _("Question"),
            "after": _("the service you choose") if row.is_open else "",
            "told": _readers(row) if row.is_open else "",
        }


def _readers(row: ServiceRequest) -> str:
    return ", ".join(map(str, parties.readers(row))) or row.contact_email


def _given(request: HttpRequest) -> Any:
    """Return what was typed into the form of the page in between; None when it is shown first."""
    return request.POST if "confirmed" in request.POST else None


def _all(chosen: list[ServiceRequest], act: Callable[[ServiceRequest], Any]) -> tuple[int, list[str]]:
    """Carry a verb out on each row; return how many were changed, and which were left as they were."""
    done, left = 0, []
    for row in chosen:
        try:
            act(row)
            done += 1
        except (TransitionRefused, ValidationError):
            left.append(str(row))
    return done, left
