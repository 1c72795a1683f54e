"""The public pages to read: the list and one notice."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import calendar, drawn, files, misses, qr
from services.policies import (
    exporting,
    history,
    indexing,
    listing,
    marking,
    opining,
    readings,
    rows,
    search,
    sheet,
    spelling,
    visitor,
)
from services.policies.forms import filters
from services.policies.models import NoticeAttachment, PolicyNotice


@login_not_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List and search notices; the whole state of the page is in its address. Open to everybody."""
    today = calendar.today()
    reader = visitor.of_request(request)
    usual = search.Sort.NEWEST if reader.is_guest else search.Sort.CLOSING
    query = filters.read(request.GET, sort=usual)
    if not reader.is_known:
        query = query.for_nobody()
    found = search.find(query, today, reader.facets(today) if reader.is_known else (), reader.hidden)
    is_missed = bool(query.text and not found.total)
    if is_missed:
        misses.note("policies", query.text)
    given_sort = query.sort if query.sort != usual else ""
    if found.is_beyond_last:
        return HttpResponseRedirect(_address(filters.write(query, given_sort=given_sort, page=found.pages)))
    here = filters.write(query, given_sort=given_sort, page=query.page)
    alike = spelling.near(query.text) if is_missed and not listing.carried(query) else []
    context = {
        "query": query,
        "found": found,
        "rows": rows.build(found.notices, reader, today, asked=found.terms, came_from=here),
        "near": rows.build(alike, reader, today, came_from=here),
        "page": Paginator(range(found.total), search.PAGE_SIZE).page(query.page),
        "groups": listing.groups(found),
        "chips": listing.chips(found, given_sort),
        "clear_url": _address(""),
        "drop": listing.best_drop(found, given_sort),
        "keep": listing.kept(query, given_sort),
        "carried": listing.carried(query),
        "chosen_count": len(listing.carried(query)),
        "given_sort": given_sort,
        "sorts": listing.sorts(query),
        "ask_url": rows.ask_url(_("Policy services"), _address(here)),
        "take_away": listing.take_away(query, given_sort),
        "most_exported": exporting.MOST,
        "feed_url": listing.beside("policies:feed", query.for_nobody()),
        "reader": reader,
        "told": visitor.has_told(request),
        "nav": "policies",
    }
    response = render(request, "policies/list.html", context)
    if not is_missed:  # everyone who finds nothing is counted
        drawn.keep(response, found.contents, indexing.contents)
    return response


@login_not_required
@require_safe
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one public notice; superseded and repealed ones stay and say so. Open to everybody."""
    public = opining.with_answers(sheet.in_full(PolicyNotice.objects.public()))
    row = get_object_or_404(public, slug=slug)
    if request.method == "GET":
        readings.note(row)
    context = {
        "sheet": sheet.build(row, visitor.of_request(request), calendar.today()),
        "marking": marking.of_notice(row, getattr(request, "membership", None)),
        "steps": history.steps(row),
        "answers": opining.answers(row),
        "qr": _qr(f"{settings.PUBLIC_URL}{request.path}", _("QR code of this page")),
        "back_url": _address(_came_from(request)),
        "ask_url": rows.ask_url(row.title[:200], request.path),
        "nav": "policies",
    }
    return render(request, "policies/detail.html", context)


@login_not_required
@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what one version of a public notice said. Open to everybody."""
    public = PolicyNotice.objects.public().defer("body_zh")
    row = get_object_or_404(public, slug=slug)
    found = get_object_or_404(row.versions, number=number)
    context = {
        "sheet": history.as_it_was(found, calendar.today()),
        "notice": row,
        "version": found,
        "is_latest": found.number == row.version,
        "preview": True,
        "nav": "policies",
    }
    return render(request, "policies/version.html", context)


@login_not_required
@require_safe
def attachment(request: HttpRequest, slug: str, file: str) -> HttpResponseBase:
    """Serve a file of a public notice, also one that only an earlier version has. Open to everybody."""
    public = NoticeAttachment.objects.public().select_related("file")
    return files.serve(get_object_or_404(public, notice__slug=slug, file__key=file).file)


@lru_cache(maxsize=500)
def _qr(address: str, label: str) -> SafeString:
    """Draw the address of a public page once; `core.qr` remembers nothing, for it draws secrets too."""
    return qr.svg(address, label)


def _address(query: str) -> str:
    return f"{reverse('policies:list')}{'?' * (query[:1] not in ('', '#'))}{query}"


def _came_from(request: HttpRequest) -> str:
    """Return the list's query string as far as it is understood, so that no address can be smuggled in.

    It ends at the row of the notice one comes from.
    """
    given = QueryDict(request.GET.get("from", "")[:1000])
    query = filters.read(given, sort="")
    row = request.resolver_match.kwargs.get("slug", "") if request.resolver_match else ""
    return f"{filters.write(query, given_sort=query.sort, page=query.page)}#n-{row}"
