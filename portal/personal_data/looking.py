"""Note which member of staff opened what of which enterprise, so that its members can read it.

A page of the desk about one row counts, and a file the desk hands out. What the row belongs to stands in
`tables`. A note that fails never costs the page.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.urls import ResolverMatch

from core import calendar
from portal.personal_data.tables import TABLES, Table

logger = logging.getLogger(__name__)

_WRITE = """
INSERT INTO personal_data_look (enterprise_id, viewer_id, about, number, reference, day, times, last_at)
VALUES (%s, %s, %s, %s, %s, %s, 1, clock_timestamp())
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


def note(request: HttpRequest) -> bool:
    """Write down that somebody of the staff opened a row of an enterprise; tell whether it was one."""
    found = _opened(request.resolver_match)
    if found is None or not request.user.is_staff:
        return False
    table, conditions = found
    try:
        return _write(request.user, table, conditions)
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


def _write(viewer: Any, table: Table, conditions: dict[str, Any]) -> bool:
    columns = {field.name for field in table.model_class._meta.concrete_fields}
    named = next((name for name in ("reference", "uscc") if name in columns), "pk")
    row = table.rows().filter(**conditions).values_list("pk", table.enterprise, named).first()
    if row is None or row[1] is None:
        return False
    number, enterprise, reference = row
    said = str(reference)[:40] if named != "pk" and reference else ""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [enterprise, viewer.pk, table.model, number, said, calendar.today()])
    return True
