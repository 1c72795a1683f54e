"""The endpoints of the read API, open to everybody: lists in pages, single rows by their stable keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import wraps
from math import ceil
from typing import Annotated, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from pydantic import BeforeValidator, ConfigDict, Field

from core import calendar, drawn, limits
from enterprises.models import Industry as IndustryRow
from enterprises.models import Region as RegionRow
from enterprises.models import Zone as ZoneRow
from portal.api import notice_json, payloads, records
from portal.api.problems import problem
from services.catalogue import listing
from services.catalogue.models import Group
from services.catalogue.models import Provider as ProviderRow
from services.policies import indexing
from services.policies.models import PolicyItem, PolicyNotice
from services.policies.models.notices import Kind, Level

PER_HOUR = 3600
LARGEST_PAGE = 100
DESCRIPTION = """\
What the pages of this portal show to everybody, for machines. Reading needs no key. Answers carry an ETag:
send it back as If-None-Match, and an unchanged answer costs nothing. Lists come in pages (`page`, `page_size`
up to 100). Errors are application/problem+json. At most 3,600 requests an hour from one address.
"""

api = NinjaAPI(
    title="SME Digital Transformation Service Platform: read API",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api",
)

LISTS = (
    "policies", "items", "offerings", "providers", "indicators", "plan", "regions", "industries", "zones",
)  # fmt: skip
PROBLEMS: dict[Any, Any] = {400: payloads.Problem, 404: payloads.Problem, 429: payloads.Problem}


def _in_digits(figure: Any) -> Any:
    """Refuse what pydantic reads as Python does: 1_0 as ten."""
    if "_" in str(figure):
        raise ValueError("Write digits without underscores, for example 1000.")
    return figure


Whole = Annotated[int, BeforeValidator(_in_digits)]


class Asked(Schema):
    """What every list understands."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[Whole, Field(1, ge=1, le=100_000, description=_("Which page, from 1."))]
    page_size: Annotated[Whole, Field(20, ge=1, le=LARGEST_PAGE, description=_("Rows on a page."))]


class State(StrEnum):
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REPEALED = "repealed"


class AskedNotices(Asked):
    q: Annotated[
        str, Field("", max_length=100, description=_("Words or a document number, as in the search."))
    ]
    kind: Annotated[Kind | None, Field(None, description=_("Kind of document."))]
    level: Annotated[Level | None, Field(None, description=_("Who issued it."))]
    region: Annotated[str | None, Field(None, pattern=r"^\d{6}$", description=_("Code of GB/T 2260."))]
    state: Annotated[State | None, Field(None, description=_("How it stands."))]


class AskedItems(Asked):
    notice: Annotated[str | None, Field(None, max_length=80, description=_("Slug of a notice."))]
    open: Annotated[bool | None, Field(None, description=_("true: only what can be applied for today."))]


class AskedOfferings(Asked):
    group: Annotated[Group | None, Field(None, description=_("One of the four services."))]
    is_free: Annotated[bool | None, Field(None, description=_("true: only what costs nothing."))]


@api.get(
    "/policies",
    response={200: payloads.Listing[payloads.Notice], **PROBLEMS},
    tags=["policies"],
    summary=_("Published policy notices, newest first."),
)
def policies(request: HttpRequest, asked: Query[AskedNotices]) -> HttpResponse:
    """Published policy notices, newest first."""
    rows = PolicyNotice.objects.public()
    chosen = {
        "kind": asked.kind,
        "level": asked.level,
        "region_id": asked.region,
        "state": asked.state and asked.state.value,
    }
    rows = rows.filter(**{name: value for name, value in chosen.items() if value is not None})
    if asked.q.strip():
        rows = rows.search(asked.q)
    return _page(request, asked, rows.order_by("-published_at", "-pk"), notice_json.written)


@api.get(
    "/policies/{slug}",
    response={200: payloads.NoticeWhole, **PROBLEMS},
    tags=["policies"],
    summary=_("One policy notice with its items."),
)
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """One policy notice with its items."""
    rows = PolicyNotice.objects.public().filter(slug=slug)
    found = next(notice_json.read(rows), None)
    if found is None:
        return problem(404)
    items = PolicyItem.objects.filter(notice__slug=slug).select_related("notice").order_by("position", "pk")
    return _json(found | {"items": [records.item(row) for row in items]})


@api.get(
    "/items",
    response={200: payloads.Listing[payloads.Item], **PROBLEMS},
    tags=["policies"],
    summary=_("What can be claimed under published notices."),
)
def items(request: HttpRequest, asked: Query[AskedItems]) -> HttpResponse:
    """What can be claimed under published notices, in the order of notices."""
    rows = PolicyItem.objects.filter(notice__in=PolicyNotice.objects.public()).select_related("notice")
    if asked.notice is not None:
        rows = rows.filter(notice__slug=asked.notice)
    if asked.open is not None:
        opened = PolicyItem.objects.open_on(calendar.today())
        rows = rows.filter(pk__in=opened) if asked.open else rows.exclude(pk__in=opened)
    ordered = rows.order_by("-notice__published_at", "-notice_id", "position", "pk")
    return _page(request, asked, ordered, _each(records.item))


@api.get(
    "/offerings",
    response={200: payloads.Listing[payloads.Offering], **PROBLEMS},
    tags=["catalogue"],
    summary=_("Services that are listed, in the order of the catalogue."),
)
def offerings(request: HttpRequest, asked: Query[AskedOfferings]) -> HttpResponse:
    """Services that are listed, in the order of the catalogue."""
    rows = [
        row
        for row in listing.listed()
        if asked.group in {None, row.group} and asked.is_free in {None, row.is_free}
    ]
    return _page(request, asked, rows, _each(records.offering))


@api.get(
    "/providers",
    response={200: payloads.Listing[payloads.Provider], **PROBLEMS},
    tags=["catalogue"],
    summary=_("Providers of listed services, by name."),
)
def providers(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Providers of listed services, by name."""
    rows = ProviderRow.objects.filter(pk__in={row.provider_id for row in listing.listed()})
    return _page(request, asked, rows.order_by("name_zh", "pk"), _each(records.provider))


@api.get(
    "/indicators",
    response={200: payloads.Listing[payloads.Indicator], **PROBLEMS},
    tags=["open book"],
    summary=_("What was measured: in all, by month, by module, by city."),
)
def indicators(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """What was measured: in all, by month, by module, by city. Small numbers of a city are left out."""
    return _page(request, asked, records.indicators(), _each(dict))


@api.get(
    "/plan",
    response={200: payloads.Listing[payloads.PlanTarget], **PROBLEMS},
    tags=["open book"],
    summary=_("Targets of the Five-Year Plan for 2026, and values that somebody published."),
)
def plan(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Targets of the Five-Year Plan for 2026, and values that somebody published."""
    return _page(request, asked, records.plan(), _each(dict))


@api.get(
    "/regions",
    response={200: payloads.Listing[payloads.Region], **PROBLEMS},
    tags=["codes"],
    summary=_("Divisions of Shandong (GB/T 2260) and the whole country."),
)
def regions(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Divisions of Shandong (GB/T 2260) and the whole country, by code."""
    return _page(request, asked, RegionRow.objects.order_by("code"), _each(records.division))


@api.get(
    "/industries",
    response={200: payloads.Listing[payloads.Industry], **PROBLEMS},
    tags=["codes"],
    summary=_("Industries of GB/T 4754-2017."),
)
def industries(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Industries of GB/T 4754-2017, by code."""
    return _page(request, asked, IndustryRow.objects.order_by("code"), _each(records.division))


@api.get(
    "/zones",
    response={200: payloads.Listing[payloads.Zone], **PROBLEMS},
    tags=["codes"],
    summary=_("Zones that are no divisions: development areas, free-trade areas, circles of cities."),
)
def zones(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Zones that are no divisions, ended ones too, by code."""
    rows = ZoneRow.objects.prefetch_related("places").order_by("code")
    return _page(request, asked, rows, _each(records.zone))


# --- answering -----------------------------------------------------------------------


# Rows whose every change draws a new mark.
_MARKED = {PolicyNotice, PolicyItem}
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _each(record: Callable[[Any], records.Record]) -> Callable[[Any], Iterable[str]]:
    return lambda rows: (_as_json(record(row)) for row in rows)


def _page(
    request: HttpRequest,
    asked: Asked,
    rows: QuerySet | list,
    as_texts: Callable[[Any], Iterable[str]],
) -> HttpResponse:
    """Answer with one page; a page beyond the last is empty, a parameter nobody knows is refused."""
    unknown = sorted(set(request.GET) - set(type(asked).model_fields))
    if unknown:
        invalid = [{"field": name, "reason": "There is no such parameter here."} for name in unknown]
        return problem(400, "Some parts of the request cannot be used.", invalid=invalid)
    mark = indexing.contents() if not isinstance(rows, list) and rows.model in _MARKED else ""

    def written() -> bytes:
        return _written(request, asked, rows, as_texts, mark)

    if asked.page > 1:
        return _answer(written())
    # The first page is what programs come back for; whoever reads on reads each page once.
    return _answer(drawn.remembered(request.get_full_path(), written, mark=mark, store="answers"))


def _written(
    request: HttpRequest,
    asked: Asked,
    rows: QuerySet | list,
    as_texts: Callable[[Any], Iterable[str]],
    mark: str,
) -> bytes:
    total = len(rows) if isinstance(rows, list) else _total(rows, asked, mark)
    first = (asked.page - 1) * asked.page_size
    last_page = max(1, ceil(total / asked.page_size))
    head = {
        "total": total,
        "page": asked.page,
        "page_size": asked.page_size,
        "next": _address(request, asked.page + 1) if asked.page < last_page else None,
        "previous": _address(request, min(asked.page - 1, last_page)) if asked.page > 1 else None,
    }
    results = ",".join(as_texts(rows[first : first + asked.page_size]))
    return f'{_as_json(head)[:-1]},"results":[{results}]}}'.encode("utf-8", "replace")


def _total(rows: QuerySet, asked: Asked, mark: str) -> int:
    """Count rows; what has a mark is counted once after each change."""
    name = f"{type(asked).__name__} {asked.model_dump(exclude={'page', 'page_size'})}"
    return drawn.remembered(name, rows.count, mark=mark)


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}"


def _json(body: Any) -> HttpResponse:
    return _answer(_as_json(body).encode("utf-8", "replace"))


def _answer(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/json; charset=utf-8")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    parts = [{"field": str(one["loc"][-1]), "reason": str(one["msg"])} for one in error.errors]
    return problem(400, "Some parts of the request cannot be used.", invalid=parts)


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open an endpoint to everybody, within limits, with an ETag, by GET and HEAD only."""

    tagged = conditional_page(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return problem(405, headers={"Allow": "GET, HEAD"})
        allowed = limits.allow(f"api:{limits.client_address(request)}", times=PER_HOUR, seconds=3600)
        if not allowed:
            return problem(429, headers={"Retry-After": allowed.retry_after})
        asked, request.method = request.method, "GET"  # the server leaves out the body of a HEAD by itself
        response = tagged(request, *args, **kwargs)
        request.method = asked
        response.headers.setdefault("Cache-Control", "no-cache")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return login_not_required(answer)


def root(request: HttpRequest) -> HttpResponse:
    """Name the lists there are, so that a program can begin anywhere."""
    base = f"{settings.PUBLIC_URL}{request.path}"
    return _json({"openapi": f"{base}openapi.json", **{name: f"{base}{name}" for name in LISTS}})


@login_not_required
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer at addresses below the API where there is nothing."""
    return problem(404)
