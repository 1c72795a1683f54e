"""Pages of one notice beside its form: the preview, the review, the dry run, the test enterprises."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core import calendar, once
from core.admin import LifecycleAdmin
from services.policies import (
    actions,
    examples,
    funnel,
    funnel_words,
    reach,
    reach_words,
    reviewing,
    rows,
    sheet,
    visitor,
)
from services.policies.forms.examples import ExampleForm
from services.policies.lifecycle import REVIEW, SUBMIT
from services.policies.models import OPEN_STATES, PUBLIC_STATES, NoticeAttachment, PolicyNotice

PREVIEWS = (("zh-hans", "中文"), ("en", "English"))
REACH = "policies.view_reach"


class NoticePages(LifecycleAdmin):
    """Addresses under a notice of the desk: `preview/`, `review/`, `reach/`, `funnel/` and `examples/`."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"policies_policynotice_{name}",
            )
            for name, view in (
                ("preview", self.preview),
                ("review", self.review),
                ("reach", self.reach),
                ("funnel", self.funnel),
                ("examples", require_http_methods(["GET", "HEAD", "POST"])(self.examples)),
            )
        ]
        return [*own, *super().get_urls()]

    def page_url(self, row: PolicyNotice, name: str) -> str:
        return reverse(f"admin:policies_policynotice_{name}", args=[row.pk])

    def attachment_url(self, row: NoticeAttachment) -> str:
        return reverse("admin:policies_policynotice_file", args=[row.notice_id, row.file.key])

    def pages_of(self, request: HttpRequest, row: PolicyNotice) -> list[tuple[str, str]]:
        """Give the pages this person may open on a notice: pairs of a name and an address."""
        found = [
            (gettext("Review"), self.page_url(row, "review")),
            (gettext("Test enterprises"), self.page_url(row, "examples")),
        ]
        if request.user.has_perm(REACH):
            found.append((gettext("Whom it reaches"), self.page_url(row, "reach")))
            if row.state in PUBLIC_STATES:
                found.append((gettext("How far it came"), self.page_url(row, "funnel")))
        return found

    def notice_of(self, request: HttpRequest, pk: int) -> PolicyNotice:
        """Return a notice this person may see at the desk; 404 otherwise."""
        row = self.get_queryset(request).select_related("superseded_by", "corrects").filter(pk=pk).first()
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        found: PolicyNotice = row
        return found

    def page(
        self, request: HttpRequest, row: PolicyNotice, name: str, title: str, **more: Any
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "row_url": self.row_url(row),
            "pages": self.pages_of(request, row),
            "here": self.page_url(row, name),
            **more,
        }
        return TemplateResponse(request, f"admin/policies/{name}.html", context)

    # --- as the public will see it --------------------------------------------------

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a notice exactly as its public page will be, in the language asked for; view permission."""
        row = self.notice_of(request, pk)
        code = "en" if request.GET.get("language") == "en" else "zh-hans"
        with translation.override(code):
            return render(request, "policies/detail.html", self.preview_context(request, row))

    def preview_context(self, request: HttpRequest, row: PolicyNotice) -> dict[str, Any]:
        words = [gettext("This is how the public will see this notice. It is not public yet.")]
        if request.user.has_perm(REACH):
            words += [reach_words.in_a_line(one) for one in reach.of_notice(row, calendar.today())]
        banner = {
            "title": gettext("Preview"),
            "text": " ".join(words),
            "url": self.row_url(row),
            "url_label": gettext("Back to the desk"),
        }
        whole = sheet.in_full(PolicyNotice.objects.all()).get(pk=row.pk)
        return {
            "sheet": sheet.build(whole, visitor.NOBODY, calendar.today(), link=self.attachment_url),
            "preview": banner if row.state in OPEN_STATES else None,
            "ask_url": rows.ask_url(row.title[:200], rows.page_url(row)),
            "nav": "policies",
        }

    # --- review and dry run -----------------------------------------------------------

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what changed, what the checks find, how the tests went; for all who may see the draft."""
        row = self.notice_of(request, pk)
        return self.page(
            request,
            row,
            "review",
            gettext("Review"),
            review=reviewing.Review(row, calendar.today()),
            buttons=self.buttons(request, row),
        )

    def reach(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Run every item dry over all enterprises; needs the permission to see reach."""
        row = self.notice_of(request, pk)
        if not request.user.has_perm(REACH):
            raise PermissionDenied
        published = reviewing.published_version(row)
        found = [
            reach.of_item(item, calendar.today(), before=reviewing.before_of(item, published))
            for item in row.items.all()
        ]
        return self.page(
            request, row, "reach", gettext("Whom it reaches"), runs=[reach_words.tables(one) for one in found]
        )

    def funnel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far a public notice came and why it stopped; needs the permission to see reach."""
        row = self.notice_of(request, pk)
        if not request.user.has_perm(REACH):
            raise PermissionDenied
        if row.state not in PUBLIC_STATES:
            raise Http404
        return self.page(
            request, row, "funnel", gettext("How far it came"), tables=funnel_words.tables(funnel.of(row))
        )

    # --- test enterprises ---------------------------------------------------------------

    def examples(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the test enterprises with their results; authors and reviewers add and remove them."""
        row = self.notice_of(request, pk)
        may_write = any(request.user.has_perm(right) for right in (SUBMIT, REVIEW))
        if request.method == "POST" and not may_write:
            raise PermissionDenied
        items = list(row.items.all())
        chosen = next((one for one in items if str(one.pk) == request.POST.get("item")), None)
        if request.method == "POST" and "remove" in request.POST:
            return self._remove_example(request, row)
        form = None
        if request.method == "POST" and chosen:
            form = ExampleForm(chosen, request.POST)
            if form.is_valid() and self._add_example(request, row, form):
                return HttpResponseRedirect(self.page_url(row, "examples"))
        return self.page(
            request,
            row,
            "examples",
            gettext("Test enterprises"),
            tests=[
                (
                    item,
                    results,
                    form if form and form.item == item else ExampleForm(item, auto_id=f"i{item.pk}_%s"),
                )
                for item, results in examples.of_notice(row, calendar.today())
            ],
            may_write=may_write,
            form_token=request.POST.get("form_token") or once.new_token(),
        )

    def _add_example(self, request: HttpRequest, row: PolicyNotice, form: ExampleForm) -> bool:
        given = {name: form.cleaned_data[name] for name in ("label", "facts", "expected", "note")}

        def act() -> str:
            return str(actions.add_example(form.item, **given, by=request.user).pk)

        try:
            once.only(
                request.POST.get("form_token", ""),
                purpose="policies.example",
                owner=str(request.user.pk),
                act=act,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return False
        messages.success(request, gettext("The test enterprise was added."))
        return True

    def _remove_example(self, request: HttpRequest, row: PolicyNotice) -> HttpResponse:
        number = request.POST["remove"]
        example = get_object_or_404(
            examples.ItemExample,
            pk=number if number.isdecimal() and len(number) < 18 else 0,
            item__notice=row,
        )
        actions.remove_example(example, by=request.user)
        messages.success(request, gettext("The test enterprise was removed."))
        return HttpResponseRedirect(self.page_url(row, "examples"))
