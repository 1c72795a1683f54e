"""Two enterprises that are one, at the desk: a preview, the merge, its undoing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.admin import LifecycleAdmin
from core.lifecycle import TransitionRefused
from enterprises import actions, duplicates, merging
from enterprises.forms.desk import MergeForm
from enterprises.models import Enterprise

PERMISSION = "enterprises.merge_enterprise"


class EnterpriseMerging(LifecycleAdmin):
    """The addresses `<number>/merge/` and `<number>/unmerge/`: for who may merge."""

    def get_urls(self) -> list[URLPattern]:
        own = (
            ("<int:number>/merge/", require_http_methods(["GET", "HEAD", "POST"])(self.merge_view), "merge"),
            ("<int:number>/unmerge/", require_POST(self.unmerge_view), "unmerge"),
        )
        return [
            *(
                path(address, self.admin_site.admin_view(view), name=f"enterprises_enterprise_{name}")
                for address, view, name in own
            ),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None and request.user.has_perm(PERMISSION):
            context["may_merge"] = row.merged_into_id is None
            context["to_undo"] = actions.merge_to_undo(row)
            context["alike"] = duplicates.like(row) if row.merged_into_id is None else []
        return super().render_change_form(request, context, *args, **kwargs)

    def merge_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask for the other enterprise, show what would happen, and merge it into this one when confirmed."""
        kept = self._row(request, number)
        given = request.POST if request.method == "POST" else request.GET or None
        form = MergeForm(given, inside=self.get_queryset(request), needs_reason="confirm" in request.POST)
        joined = form.cleaned_data.get("other") if given is not None and form.is_valid() else None
        if joined is not None and "confirm" in request.POST and self._merge(request, kept, joined, form):
            return HttpResponseRedirect(reverse("admin:enterprises_enterprise_change", args=[kept.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge another enterprise into %(name)s") % {"name": kept},
            "opts": self.opts,
            "original": kept,
            "form": form,
            "joined": joined,
            "shares": merging.foresee(joined, kept) if joined else [],
            "hinders": merging.hinders(joined, kept) if joined else [],
            "alike": duplicates.like(kept),
            "days": actions.MERGE_UNDO_DAYS,
        }
        return TemplateResponse(request, "admin/enterprises/enterprise/merge.html", context)

    def unmerge_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Take a merge of the last days apart again."""
        joined = self._row(request, number)
        try:
            actions.unmerge_enterprises(joined, by=request.user)
        except TransitionRefused:
            messages.error(request, _("This can no longer be undone."))
        else:
            messages.success(request, _("The two are apart again."))
        return HttpResponseRedirect(reverse("admin:enterprises_enterprise_change", args=[joined.pk]))

    def _merge(self, request: HttpRequest, kept: Enterprise, joined: Enterprise, form: MergeForm) -> bool:
        try:
            actions.merge_enterprises(kept, joined, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
            return False
        messages.success(request, _("%(joined)s is merged into this enterprise.") % {"joined": joined})
        return True

    def _row(self, request: HttpRequest, number: int) -> Enterprise:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=number).first()
        if row is None:
            raise Http404
        return row
