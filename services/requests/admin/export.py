"""Requests as a spreadsheet: text as text, contact data only for those who may read it, each export noted."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core import audit, calendar, files, sheets
from services.requests.facets import desk_word
from services.requests.models import ServiceRequest

AT_ONCE = 5000


def workbook(request: HttpRequest, rows: QuerySet[ServiceRequest]) -> HttpResponse | None:
    """Answer with the chosen requests, and note who took how many of them; too many are refused in words."""
    chosen = list(rows.select_related("enterprise", "offering", "holder", "region")[: AT_ONCE + 1])
    if len(chosen) > AT_ONCE:
        messages.error(request, _too_many())
        return None
    with_contact = request.user.has_perm("enterprises.view_personal_data")
    audit.record(
        request.user,  # type: ignore[arg-type]  # staff are signed in
        "export_requests",
        by=request.user,
        data={"count": len(chosen), "contact": with_contact},
    )
    content = sheets.xlsx(_("Requests"), _columns(with_contact), _rows(chosen, with_contact))
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = files.disposition(f"{_('Requests')}_{calendar.today()}.xlsx")
    return response


def _too_many() -> str:
    words = _("At most %(count)s requests go into one sheet. Narrow the list by a filter or a search.")
    return words % {"count": number_format(AT_ONCE)}


def _columns(with_contact: bool) -> list[str]:
    contact = [_("Contact person"), _("Phone"), _("E-mail address")] if with_contact else []
    return [
        _("Reference"),
        _("State"),
        _("Enterprise"),
        _("Credit code"),
        _("Region code"),
        _("Service"),
        _("Subject"),
        _("Held by"),
        _("Received"),
        _("Due"),
        _("Done"),
        *contact,
    ]


def _rows(chosen: Iterable[ServiceRequest], with_contact: bool) -> Iterable[list[Any]]:
    for row in chosen:
        contact = [row.contact_name, row.contact_phone, row.contact_email] if with_contact else []
        yield [
            row.reference,
            desk_word(row.state),
            row.enterprise.name if row.enterprise else "",
            row.enterprise.uscc if row.enterprise else "",
            row.region_id or "",
            row.offering.name if row.offering else _("Question"),
            row.subject,
            str(row.holder or ""),
            *(calendar.day_of(at) if at else None for at in (row.submitted_at, row.due_at, row.resolved_at)),
            *contact,
        ]
