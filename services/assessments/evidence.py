"""What pages show of the evidence beside answers, and how many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from services.assessments.models import Assessment, Evidence


def counts(assessment: Assessment) -> dict[str, int]:
    """Count the files and links of a round by item; one query."""
    rows = assessment.evidence.order_by().values_list("item").annotate(many=Count("pk"))
    return dict(rows)


def count_words(number: int) -> str:
    """Say how much stands beside an answer; '' for nothing."""
    if not number:
        return ""
    return ngettext("%(count)s file or link", "%(count)s files or links", number) % {"count": number}


def by_item(rows: QuerySet[Evidence], address: Callable[[Evidence], str]) -> dict[str, list[dict[str, Any]]]:
    """Return what stands beside each item, as `assessments/_evidence.html` takes it; one query."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.select_related("file", "added_by"):
        found.setdefault(row.item, []).append(shown(row, address))
    return found


def shown(row: Evidence, address: Callable[[Evidence], str]) -> dict[str, Any]:
    """Return one piece; a file has an address only while it may be opened."""
    told = {"key": row.key, "name": str(row), "note": row.note, "by": str(row.added_by), "at": row.added_at}
    if row.file is None:
        return {**told, "url": row.link, "is_link": True, "scan": "", "size": None}
    opens = row.file.may_be_opened
    return {**told, "url": address(row) if opens else "", "scan": row.file.scan, "size": row.file.size}


def linked(assessment: Assessment) -> dict[str, SafeString]:
    """Return what stands beside each item as links of the desk, for the experts who verify; one query."""

    def address(row: Evidence) -> str:
        return reverse("assessments:evidence_desk_file", args=[assessment.reference, row.key])

    found = by_item(assessment.evidence.all(), address)
    return {
        item: format_html_join(" · ", "{}", ((_link(piece),) for piece in pieces))
        for item, pieces in found.items()
    }


def _link(piece: dict[str, Any]) -> SafeString:
    name = f"{piece['name']} ({piece['note']})" if piece["note"] else piece["name"]
    if not piece["url"]:
        return format_html("{} ({})", name, gettext("cannot be opened: not through the malware check"))
    return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', piece["url"], name)
