"""The files of a notice at the desk: its author adds and takes out, whoever sees the draft opens them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from core import files, once
from core.lifecycle import TransitionRefused
from services.policies import actions, attachments
from services.policies.admin.pages import NoticePages
from services.policies.forms.attachments import AttachmentForm
from services.policies.models import PolicyNotice


class NoticeFiles(NoticePages):
    """Addresses under a notice of the desk: `files/`, and `files/<key>/` for one of them."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/files/",
                self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.files)),
                name="policies_policynotice_files",
            ),
            path(
                "<int:pk>/files/<slug:file>/",
                self.admin_site.admin_view(require_safe(self.file)),
                name="policies_policynotice_file",
            ),
        ]
        return [*own, *super().get_urls()]

    def pages_of(self, request: HttpRequest, row: PolicyNotice) -> list[tuple[str, str]]:
        return [(gettext("Attachments"), self.page_url(row, "files")), *super().pages_of(request, row)]

    def files(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List the files of a notice; who may change the draft adds and takes out."""
        row = self.notice_of(request, pk)
        may_write = self.has_change_permission(request, row)
        if request.method == "POST" and not may_write:
            raise PermissionDenied
        if request.method == "POST" and "remove" in request.POST:
            return self._take_out(request, row)
        form = AttachmentForm(request.POST or None, request.FILES or None)
        status = 200
        if request.method == "POST" and form.is_valid():
            status = self._take_in(request, row, form)
            if not form.errors:
                return HttpResponseRedirect(self.page_url(row, "files"))
        return self._page(request, row, form, may_write, status)

    def file(self, request: HttpRequest, pk: int, file: str) -> HttpResponseBase:
        """Serve one file to whoever may see its notice at the desk."""
        row = self.notice_of(request, pk)
        return files.serve(get_object_or_404(row.attachments.select_related("file"), file__key=file).file)

    def _page(
        self, request: HttpRequest, row: PolicyNotice, form: AttachmentForm, may_write: bool, status: int
    ) -> HttpResponse:
        answer = self.page(
            request,
            row,
            "files",
            gettext("Attachments"),
            files=attachments.shown(row.attachments.current(), self.attachment_url),
            form=form,
            may_write=may_write,
            form_token=request.POST.get("form_token") or once.new_token(),
        )
        answer.status_code = status
        return answer

    def _take_in(self, request: HttpRequest, row: PolicyNotice, form: AttachmentForm) -> int:
        """Keep the files, once for one shown form; what is refused becomes an error of the field."""
        titles = {name: form.cleaned_data[name] for name in ("title_zh", "title_en")}

        def act() -> str:
            for upload in form.cleaned_data["upload"]:
                actions.attach(row, upload, **titles, by=request.user)
            return str(row.pk)

        try:
            once.only(
                request.POST.get("form_token", ""),
                purpose="policies.attach",
                owner=str(request.user.pk),
                act=act,
            )
        except files.FileRefused as refused:
            form.add_error("upload", refused.message)
            return 503 if refused.code == "no_space" else 200
        except TransitionRefused:
            form.add_error(None, gettext("The notice is out of your hands meanwhile; nothing was added."))
            return 200
        messages.success(request, gettext("The files were added."))
        return 200

    def _take_out(self, request: HttpRequest, row: PolicyNotice) -> HttpResponse:
        attachment: Any = get_object_or_404(row.attachments.current(), file__key=request.POST["remove"])
        try:
            actions.detach(attachment, by=request.user)
        except TransitionRefused:
            messages.error(
                request, gettext("The notice is out of your hands meanwhile; nothing was taken out.")
            )
        else:
            messages.success(request, gettext("The file was taken out."))
        return HttpResponseRedirect(self.page_url(row, "files"))
