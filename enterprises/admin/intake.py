"""Enterprises from a sheet at the desk: template, dry run, the errors to take away, and the import itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core import drafts, once, sheets
from core.admin import LifecycleAdmin
from enterprises import actions, facts
from enterprises.actions import Prospect
from enterprises.forms import intake
from enterprises.forms.desk import SheetForm

PERMISSION = "enterprises.import_enterprise"
# What a dry run has read waits here for its import, one a person.
KEPT = "enterprises.import"


class EnterpriseIntake(LifecycleAdmin):
    """The addresses `import/`, `import/template.xlsx`, `import/errors.xlsx`: for who may import."""

    change_list_template = "admin/enterprises/enterprise/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        own = (
            ("import/", require_http_methods(["GET", "HEAD", "POST"])(self.look), "import"),
            ("import/template.xlsx", require_safe(self.template), "import_template"),
            ("import/errors.xlsx", require_safe(self.errors), "import_errors"),
        )
        return [
            *(
                path(address, self.admin_site.admin_view(view), name=f"enterprises_enterprise_{name}")
                for address, view, name in own
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        mine = {"may_import": request.user.has_perm(PERMISSION)}
        return super().changelist_view(request, {**mine, **(extra_context or {})})

    def template(self, request: HttpRequest) -> HttpResponse:
        """Give the empty template."""
        _check(request)
        return _file(intake.template(), "enterprises.xlsx")

    def errors(self, request: HttpRequest) -> HttpResponse:
        """Give the rows of the last dry run that are wrong, with what is wrong with them."""
        _check(request)
        sheet, _foreseen, _proof = _kept(request)
        return _file(intake.returned(sheet.codes or intake.COLUMNS, sheet.bad), "enterprises-errors.xlsx")

    def look(self, request: HttpRequest) -> HttpResponse:
        """Look at a sheet without writing about any enterprise; import what the last look found right."""
        _check(request)
        if request.method != "POST":
            return self._show(request, SheetForm())
        if "confirm" in request.POST:
            return self._import(request)
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form)
        sheet = intake.read(form.cleaned_data["sheet"].file)
        if sheet.error:
            form.add_error("sheet", sheet.error)
            return self._show(request, form)
        proof = {"source": form.cleaned_data["source"], "on": form.cleaned_data["on"].isoformat()}
        drafts.save(request.user, KEPT, {"codes": list(sheet.codes), "rows": sheet.kept, **proof})
        return self._show(request, SheetForm(initial=proof), *_foreseen(sheet, proof, request.user))

    def _import(self, request: HttpRequest) -> HttpResponse:
        def act() -> str:
            sheet, _found, proof = _kept(request)
            if not sheet.entries:
                return "0 0"
            done = actions.import_enterprises(sheet.good, by=request.user, **_read(proof))
            drafts.discard(request.user, KEPT)
            return f"{done.made} {done.changed}"

        done, _first = once.only(
            request.POST.get("form_token", ""), purpose=KEPT, owner=str(request.user.pk), act=act
        )
        made, changed = map(int, done.split())
        many = ngettext(
            "%(count)s enterprise was brought in.", "%(count)s enterprises were brought in.", made
        )
        messages.success(request, many % {"count": made})
        if changed:
            many = ngettext(
                "Facts of %(count)s enterprise were recorded.",
                "Facts of %(count)s enterprises were recorded.",
                changed,
            )
            messages.success(request, many % {"count": changed})
        return HttpResponseRedirect(reverse("admin:enterprises_enterprise_changelist"))

    def _show(
        self,
        request: HttpRequest,
        form: SheetForm,
        sheet: intake.Sheet | None = None,
        found: list[Prospect] | None = None,
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        numbers = {entry.row.uscc: entry for entry in sheet.entries if entry.row} if sheet else {}
        rows = [_in_words(one, numbers[one.row.uscc]) for one in found or []]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Bring in enterprises"),
            "opts": self.opts,
            "form": form,
            "sheet": sheet,
            "new": [row for row in rows if row["enterprise"] is None],
            "differing": [row for row in rows if row["enterprise"] and row["changes"]],
            "same": [row for row in rows if row["enterprise"] and not row["changes"]],
            "form_token": once.new_token(),
        }
        return TemplateResponse(request, "admin/enterprises/enterprise/import.html", context)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _kept(request: HttpRequest) -> tuple[intake.Sheet, list[Prospect], dict[str, Any]]:
    """Give what the last dry run of this person read and foresees; an empty sheet where there was none."""
    kept = drafts.load(request.user, KEPT)
    if not kept:
        return intake.Sheet(), [], {}
    return *_foreseen(intake.again(kept["codes"], kept["rows"]), kept, request.user), kept


def _foreseen(sheet: intake.Sheet, proof: dict[str, Any], by: Any) -> tuple[intake.Sheet, list[Prospect]]:
    """Give the sheet with the rows outside this person's regions as errors, and what the others would do."""
    found = actions.prospects(sheet.good, by=by, **_read(proof))
    told = gettext("region: this enterprise lies outside the regions you work for.")
    outside = {one.row.uscc: told for one in found if one.is_outside}
    return intake.with_errors(sheet, outside), [one for one in found if not one.is_outside]


def _read(proof: dict[str, Any]) -> dict[str, Any]:
    return {"source": proof["source"], "on": date.fromisoformat(proof["on"])}


def _in_words(one: Prospect, entry: intake.Entry) -> dict[str, Any]:
    """Word what one row would do, with what a reader should look at once more."""
    remarks = list(entry.remarks)
    if one.stays:
        words = gettext("Stays as it is, because a stronger or later source says so: %(facts)s.")
        remarks.append(words % {"facts": _labels(one.stays)})
    if one.enterprise and one.enterprise.name != one.row.name:
        remarks.append(gettext("The sheet writes the name otherwise; the one here stays."))
    return {
        "number": entry.number,
        "name": one.row.name,
        "uscc": one.row.uscc,
        "enterprise": one.enterprise,
        "changes": _labels(statement.code for statement in one.changes),
        "remarks": remarks,
    }


def _labels(codes: Iterable[str]) -> str:
    comma = pgettext("between items of a list", ", ")
    return comma.join(str(facts.kind_of(code).label) for code in codes)


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=sheets.XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
