"""Notices from a sheet at the desk: template, dry run, the errors to take away, and the import itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core import drafts, once, sheets
from core.admin import LifecycleAdmin
from services.policies import actions, intake, proposing
from services.policies.forms.intake import SheetForm

# What a dry run has read waits here for its import, one a person.
KEPT = "policies.import"


class NoticeIntake(LifecycleAdmin):
    """The addresses `import/`, `import/template.xlsx`, `import/errors.xlsx`: for who may add notices."""

    def get_urls(self) -> list[URLPattern]:
        own = (
            ("import/", require_http_methods(["GET", "HEAD", "POST"])(self.look), "import"),
            ("import/template.xlsx", require_safe(self.template), "import_template"),
            ("import/errors.xlsx", require_safe(self.errors), "import_errors"),
        )
        return [
            *(
                path(address, self.admin_site.admin_view(view), name=f"policies_policynotice_{name}")
                for address, view, name in own
            ),
            *super().get_urls(),
        ]

    def template(self, request: HttpRequest) -> HttpResponse:
        """Give the empty template."""
        self._may_add(request)
        return _file(intake.template(), "notices.xlsx")

    def errors(self, request: HttpRequest) -> HttpResponse:
        """Give the rows of the last dry run that are wrong, with what is wrong with them."""
        self._may_add(request)
        sheet = self._kept(request)
        return _file(intake.returned(sheet.codes, sheet.bad), "notices-errors.xlsx")

    def look(self, request: HttpRequest) -> HttpResponse:
        """Look at a sheet without writing any notice; import what the last look found right."""
        self._may_add(request)
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
        drafts.save(request.user, KEPT, {"codes": list(sheet.codes), "rows": sheet.kept})
        return self._show(request, SheetForm(), sheet)

    def _import(self, request: HttpRequest) -> HttpResponse:
        def act() -> str:
            entries = self._kept(request).entries
            proposed = actions.propose(entries, by=request.user)
            made = actions.import_notices(entries, by=request.user)
            drafts.discard(request.user, KEPT)
            return f"{len(made)} {proposed}"

        owner = str(request.user.pk)
        done, _first = once.only(
            request.POST.get("form_token", ""), purpose="policies.import", owner=owner, act=act
        )
        made, proposed = map(int, done.split())
        many = ngettext("%(count)s draft was made.", "%(count)s drafts were made.", made)
        messages.success(request, many % {"count": made})
        if proposed:
            many = ngettext(
                "%(count)s change waits to be looked at.", "%(count)s changes wait to be looked at.", proposed
            )
            messages.success(request, many % {"count": proposed})
            return HttpResponseRedirect(
                f"{reverse('admin:policies_fieldproposal_changelist')}?state__exact=open"
            )
        return HttpResponseRedirect(reverse("admin:policies_policynotice_changelist"))

    def _kept(self, request: HttpRequest) -> intake.Sheet:
        found = drafts.load(request.user, KEPT)
        return intake.again(found.get("codes", []), found.get("rows", []))

    def _may_add(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _show(self, request: HttpRequest, form: SheetForm, sheet: Any = None) -> HttpResponse:
        there = intake.present(sheet.good) if sheet else {}
        by_notice = intake.grouped(sheet.good) if sheet else []
        differing = [
            (
                entry,
                there[entry.number],
                proposing.differences(entry.values, there[entry.number], is_only_row=len(rows) == 1),
            )
            for rows in by_notice
            for entry in rows
            if entry.number in there
        ]
        new = [rows for rows in by_notice if rows[0].number not in there]
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Import notices"),
            "opts": self.opts,
            "form": form,
            "sheet": sheet,
            "new": [rows[0] for rows in new],
            "new_rows": [entry for rows in new for entry in rows],
            "there": [(entry, notice, list(map(_said, found))) for entry, notice, found in differing],
            "there_count": len(by_notice) - len(new),
            "differs": any(found for _entry, _notice, found in differing),
            "form_token": once.new_token(),
        }
        return TemplateResponse(request, "admin/policies/import.html", context)


def _said(one: proposing.Difference) -> str:
    return proposing.words(one.field, one.ours, one.theirs, item=one.item)


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=sheets.XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
