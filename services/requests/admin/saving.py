"""Saved views of the queue at the desk: saved beside the tabs, kept in order on a page of their own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.fields import LineField
from core.verbs import blame
from services.requests import actions, saved_views
from services.requests.admin.filters import Figures
from services.requests.lifecycle import ASSIGN
from services.requests.models import SavedView

PREFIX = "service_requests_servicerequest"


class SaveViewForm(forms.Form):
    """A name for what the queue shows; only leads are asked whether it is for everybody."""

    use_required_attribute = False

    name = LineField(label=gettext_lazy("Name of the view"), max_length=40)
    is_shared = forms.BooleanField(label=gettext_lazy("For everybody at the desk"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


class SavedViews(admin.ModelAdmin):
    """Adds the saved views to the queue: their tabs, their form, their page."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "views/", wrap(require_http_methods(["GET", "POST"])(self.views_view)), name=f"{PREFIX}_views"
            ),
            path("views/<uuid:key>/share/", wrap(require_POST(self.share_view)), name=f"{PREFIX}_share_view"),
            path("views/<uuid:key>/drop/", wrap(require_POST(self.drop_view)), name=f"{PREFIX}_drop_view"),
            *super().get_urls(),
        ]

    def saved_context(self, request: HttpRequest, figures: Figures) -> dict[str, Any]:
        """Return what the queue shows of saved views: their tabs, and the form that saves what is shown."""
        query = saved_views.tidy(request.GET.urlencode())
        form = SaveViewForm(
            initial={"query": query}, may_share=request.user.has_perm(ASSIGN), auto_id="save_%s"
        )
        return {
            "saved_tabs": [
                {
                    "label": view.name,
                    "count": figures.of_saved(view),
                    "url": saved_views.url(view),
                    "is_shared": view.is_shared,
                    "is_current": view.query == query,
                }
                for view in figures.saved
            ],
            "save_form": form,
            "views_url": reverse(f"admin:{PREFIX}_views"),
        }

    def is_saved(self, request_query: str, figures: Figures) -> bool:
        """Tell whether what is shown is one of the saved views."""
        return any(view.query == request_query for view in figures.saved)

    def views_view(self, request: HttpRequest) -> HttpResponse:
        """Show the saved views of this desk; save one more when the form is sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_share = request.user.has_perm(ASSIGN)
        form = SaveViewForm(request.POST or None, may_share=may_share)
        if request.method == "POST" and form.is_valid():
            try:
                view = actions.save_view(
                    form.cleaned_data["name"],
                    form.cleaned_data["query"],
                    is_shared=form.cleaned_data.get("is_shared", False),
                    by=request.user,
                )
            except ValidationError as error:
                blame(form, error)
            else:
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
                return HttpResponseRedirect(saved_views.url(view))
        rows = [
            {
                "view": view,
                "url": saved_views.url(view),
                "is_own": view.owner_id == request.user.pk,
                "may_drop": view.owner_id == request.user.pk or may_share,
            }
            for view in saved_views.of(request.user)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Saved views"),
            "opts": self.opts,
            "rows": rows,
            "form": form if form.is_bound else None,
            "may_share": may_share,
        }
        return TemplateResponse(request, "admin/service_requests/servicerequest/views.html", context)

    def share_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Give one's own view to the desk, or take it back."""
        view = self._of_desk(request, key)
        try:
            actions.share_view(view, is_shared=not view.is_shared, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse(f"admin:{PREFIX}_views"))

    def drop_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        view = self._of_desk(request, key)
        actions.drop_view(view, by=request.user)
        messages.success(request, _("The view “%(name)s” is dropped.") % {"name": view.name})
        return HttpResponseRedirect(reverse(f"admin:{PREFIX}_views"))

    def _of_desk(self, request: HttpRequest, key: Any) -> SavedView:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(SavedView.objects.for_desk_of(request.user), key=key)
