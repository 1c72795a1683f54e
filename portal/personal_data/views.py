"""Your data: copy it, close the account, take that back. Always one's own."""

from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from core import calendar, files, generated, limits
from enterprises.access import MemberRequest, needs_enterprise
from enterprises.models import Enterprise, Membership
from portal.personal_data import actions, leaving
from portal.personal_data.forms import ClosingForm, ExportForm
from portal.personal_data.models import Closing, DataExport, Look
from portal.personal_data.tables import find
from services.requests import sharing

EXPORTS_A_DAY = 5
LOOKS_PER_PAGE = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the copies there are, and whether the account is about to close."""
    return _page(
        request,
        "home",
        exports=DataExport.objects.for_user(request.user).exclude(state=DataExport.State.GONE)[:5],
        now=calendar.now(),
        form=ExportForm(),
        owned=_owned(request),
        closing=_pending(request),
        hindrance=leaving.hindrance(_person(request)),
        kept_days=actions.EXPORT_KEPT.days,
        waiting_days=actions.WAITING.days,
    )


@reauthentication_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Take the order for a copy; the password or code was given a moment ago."""
    if request.method != "POST":  # where the question for the password leads back to
        return _page(request, "export", form=ExportForm(), owned=_owned(request), journey=True)
    form = ExportForm(request.POST)
    if not limits.allow(f"exports:{_person(request).pk}", times=EXPORTS_A_DAY, seconds=86_400):
        messages.error(
            request,
            _("That were %(count)s copies in a day. Tomorrow you can ask again.") % {"count": EXPORTS_A_DAY},
        )
        return _back()
    wanted = form.is_valid() and form.cleaned_data["with_enterprise"]
    actions.ask_export(_person(request), _owned(request) if wanted else None, by=request.user)
    messages.success(request, _("The copy is being put together. You get a mail when it is ready."))
    return _back()


@require_GET
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Hand out one's own copy; anybody else's, and one whose time is over, is a 404."""
    row = get_object_or_404(DataExport.objects.for_user(request.user).ready(), key=key)
    if not generated.exists(row.path):
        raise Http404
    actions.note_download(row, by=request.user)
    answer = StreamingHttpResponse(generated.chunks(row.path), content_type="application/zip")
    answer["Content-Length"] = str(generated.size(row.path))
    answer["Content-Disposition"] = files.disposition(f"data-{calendar.day_of(row.asked_at):%Y%m%d}.zip")
    answer["Cache-Control"] = "private, no-store"
    return answer


@reauthentication_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Ask what becomes of each enterprise, say what is kept, and begin the waiting time."""
    person = _person(request)
    hindered = leaving.hindrance(person)
    if hindered or _pending(request):
        return _back()
    given = request.POST if request.method == "POST" else None
    form = ClosingForm(given, alone=leaving.left_alone(person))
    if form.is_valid():
        try:
            actions.ask_closing(person, form.heirs(), by=person)
        except actions.Hindered:
            form.add_error(None, _("Meanwhile something has changed. Look at the answers once more."))
        else:
            messages.success(
                request, _("The account will be closed. Until then you can take that back here.")
            )
            return _back()
    return _page(request, "close", form=form, journey=True, waiting_days=actions.WAITING.days)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Keep the account after all."""
    closing = _pending(request)
    if closing is not None:
        actions.undo_closing(closing, by=request.user)
        messages.success(request, _("Your account stays open."))
    return _back()


@needs_enterprise
@require_GET
def looks(request: MemberRequest) -> HttpResponse:
    """Show to every member who outside opened what of the enterprise, and what providers were given."""
    rows = Look.objects.filter(enterprise=request.enterprise).select_related("viewer", "provider")
    page = Paginator(rows.order_by("-day", "-last_at", "-pk"), LOOKS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = [{"row": row, "what": _opened(row)} for row in page]
    handed = sharing.handed_over(request.user, request.enterprise)
    return _page(request, "looks", page=page, shown=shown, handed=handed, enterprise=request.enterprise)


def _opened(row: Look) -> str:
    if row.about == User._meta.label:
        return _("The portal, as one of you sees it")
    return find(row.about).one


def _pending(request: HttpRequest) -> Closing | None:
    return Closing.objects.pending().filter(user=_person(request)).first()


def _owned(request: HttpRequest) -> Enterprise | None:
    """Return the enterprise at hand where this person owns it."""
    membership = cast("MemberRequest", request).membership
    return membership.enterprise if membership and membership.role == Membership.Role.OWNER else None


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("personal_data:home"))


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"personal_data/{name}.html", {"nav": "enterprise", **context})
