"""Note who outside an enterprise opened what of it, so that its members can read it.

Of the staff, a page of the desk about one row counts, and a file the desk hands out; what the row belongs to
stands in `tables`. Of those who speak for a provider, every row of an enterprise that a page shows them
counts, which the page's door says by `core.disclosing`. A note that fails never costs the page.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import DatabaseError, connection
from django.db.models import Value
from django.http import HttpRequest
from django.urls import ResolverMatch

from core import calendar, disclosing
from portal.personal_data.table import Table
from portal.personal_data.tables import TABLES

logger = logging.getLogger(__name__)

_WRITE = """
INSERT INTO personal_data_look
(enterprise_id, viewer_id, provider_id, about, number, reference, day, times, last_at)
SELECT DISTINCT ON (enterprise, about, number)
enterprise, %(viewer)s::bigint, provider, about, number, reference, %(day)s::date, 1, clock_timestamp()
FROM unnest(%(enterprises)s::bigint[], %(providers)s::bigint[], %(abouts)s::text[], %(numbers)s::bigint[],
            %(references)s::text[]) AS opened (enterprise, provider, about, number, reference)
ON CONFLICT (enterprise_id, day, viewer_id, about, number)
DO UPDATE SET times = personal_data_look.times + 1, last_at = excluded.last_at
"""
_PAGES = {
    f"{label.lower()}_{model.lower()}": table
    for table in TABLES
    for label, model in [table.model.split(".")]
    if table.enterprise
}
# Files that the desk hands out: the table of the row, and which look-up each part of the address is.
_FILES: dict[str, tuple[str, Mapping[str, str]]] = {
    "enterprises:licence_desk_file": ("enterprises.Licence", {"file": "file__key"}),
    "requests:desk_file": ("service_requests.Attachment", {"file": "file__key"}),
    "assessments:evidence_desk_file": ("assessments.Evidence", {"key": "key"}),
    "cloud:voucher_desk_file": ("cloud.Voucher", {"reference": "reference"}),
    "cloud:desk_evidence": ("cloud.UseEvidence", {"file": "file__key"}),
}


@dataclass(frozen=True)
class Opened:
    """A row that was opened: of which enterprise, and for which provider (None: by the staff)."""

    enterprise: int
    about: str
    number: int
    reference: str
    provider: int | None = None


def note(request: HttpRequest, *, shown: Any = None) -> bool:
    """Write down what this reader opened of an enterprise that is not their own; tell whether there was any.

    `shown` is the row of a page of the desk, where it is at hand: it is not read again then.
    """
    try:
        acting = getattr(request, "acting", None)
        looks = [*_as_member(request), *_by_staff(request, shown), *_by_provider(request)]
        if looks:
            _write(acting.staff if acting else request.user, looks)
        return bool(looks)
    except (DatabaseError, ValueError) as trouble:
        logger.error("a look was not noted: %s", type(trouble).__name__)
        return False


def _opened(match: ResolverMatch | None) -> tuple[Table, dict[str, Any]] | None:
    if match is None:
        return None
    name = match.url_name or ""
    if match.namespace == "admin" and name.endswith("_change") and "object_id" in match.kwargs:
        table = _PAGES.get(name.removesuffix("_change"))
        return (table, {"pk": unquote(match.kwargs["object_id"])}) if table else None
    if entry := _FILES.get(match.view_name):
        model, parts = entry
        table = next(one for one in TABLES if one.model == model)
        return table, {lookup: match.kwargs[part] for part, lookup in parts.items()}
    return None


def _by_staff(request: HttpRequest, shown: Any) -> Iterator[Opened]:
    found = _opened(request.resolver_match)
    if found is None or not request.user.is_staff:
        return
    table, conditions = found
    enterprise, number, reference = _at_hand(table, shown) or _read(table, conditions) or (None, None, "")
    if enterprise is not None and number is not None:
        yield Opened(enterprise, table.model, number, str(reference or "")[:40])


def _as_member(request: HttpRequest) -> Iterator[Opened]:
    """Yield the enterprise whose pages a member of staff looks at as one of its people."""
    acting, enterprise = getattr(request, "acting", None), getattr(request, "enterprise", None)
    if acting and enterprise and request.user == acting.person:
        yield Opened(enterprise.pk, acting.person._meta.label, acting.person.pk, "")


def _by_provider(request: HttpRequest) -> Iterator[Opened]:
    is_staff = bool(getattr(request, "acting", None))  # who looks as one who speaks for a provider
    for one in disclosing.said(request):
        reference = str(getattr(one.row, "reference", ""))[:40]
        provider = None if is_staff else one.provider
        yield Opened(one.enterprise, one.row._meta.label, one.row.pk, reference, provider)


def _name_of(table: Table) -> str:
    columns = {field.name for field in table.model_class._meta.concrete_fields}
    return next((name for name in ("reference", "uscc") if name in columns), "")


def _read(table: Table, conditions: dict[str, Any]) -> tuple[Any, ...] | None:
    named = _name_of(table)
    rows = table.rows().filter(**conditions)
    found: tuple[Any, ...] | None = rows.values_list(table.enterprise, "pk", named or Value("")).first()
    return found


def _at_hand(table: Table, shown: Any) -> tuple[Any, ...] | None:
    """Return the same of a row that was shown; None where its enterprise stands in another table."""
    if not isinstance(shown, table.model_class) or "__" in table.enterprise:
        return None
    enterprise = shown if table.enterprise == "pk" else getattr(shown, table.enterprise)
    return enterprise and enterprise.pk, shown.pk, getattr(shown, _name_of(table), "")


def _write(viewer: Any, looks: Sequence[Opened]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "viewer": viewer.pk,
                "day": calendar.today(),
                "enterprises": [one.enterprise for one in looks],
                "providers": [one.provider for one in looks],
                "abouts": [one.about for one in looks],
                "numbers": [one.number for one in looks],
                "references": [one.reference for one in looks],
            },
        )
