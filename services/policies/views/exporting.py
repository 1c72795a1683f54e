"""The list to take away: xlsx, CSV and JSON with the filter of the page. Open to everybody."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import calendar, limits, sheets
from services.policies import exporting, visitor
from services.policies.exporting import Export
from services.policies.forms import filters
from services.policies.search import Sort

logger = logging.getLogger(__name__)

# A file is a hundred times the work of a page.
PER_HOUR = 60
FILES: dict[str, tuple[str, Callable[[Export], bytes]]] = {
    "xlsx": (sheets.XLSX, exporting.xlsx),
    "csv": (sheets.CSV, exporting.csv),
    "json": (exporting.JSON, exporting.as_json),
}


@login_not_required
@require_safe
def notices(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out the notices of a list, at most `exporting.MOST`; sixty files an hour from one address."""
    allowed = limits.allow(f"policy export:{limits.client_address(request)}", times=PER_HOUR, seconds=3600)
    if not allowed:
        logger.warning("Refused an export of policies: too many from one address")
        return HttpResponse(status=429, headers={"Retry-After": allowed.retry_after})
    today = calendar.today()
    reader = visitor.of_request(request)
    query = filters.read(request.GET, sort=Sort.NEWEST if reader.is_guest else Sort.CLOSING)
    query = query if reader.is_known else query.for_nobody()
    export = exporting.of(
        query, today, facets=reader.facets(today), hidden=reader.hidden, base_url=settings.PUBLIC_URL
    )
    logger.info("Exported %s of %s policies as %s", len(export.notices), export.total, kind)
    content_type, write = FILES[kind]
    name = f"policies-{today.isoformat()}.{kind}"
    return HttpResponse(
        write(export),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
