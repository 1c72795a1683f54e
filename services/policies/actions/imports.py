"""Make drafts of the rows of a sheet; what is there already is left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from django.db import transaction

from core import richtext
from services.policies import editing, intake
from services.policies.actions.drafts import create_draft
from services.policies.intake import Entry
from services.policies.models import PolicyItem, PolicyNotice

_NOTICE = (
    "slug", "title_zh", "title_en", "issuer_zh", "issuer_en", "document_number", "kind", "level",
    "issued_on", "effective_from", "effective_to", "summary_zh", "summary_en", "contact", "body_zh",
)  # fmt: skip
_ITEM = ("rate_percent", "opens_on", "closes_on", "steps_zh", "apply_url")
_CONDITIONS = (
    "regions", "industries", "sizes", "quals_any", "employees_min", "employees_max", "years_min",
)  # fmt: skip


@transaction.atomic
def import_notices(entries: Iterable[Entry], *, by: Any) -> list[PolicyNotice]:
    """Make a draft of every notice whose rows have no errors and that is not there yet; return the new ones.

    Sending the same rows again makes nothing. The drafts go through review like any other.
    """
    good = [entry for entry in entries if not entry.errors]
    there = intake.present(good)
    return [_create(rows, by) for rows in intake.grouped(good) if rows[0].number not in there]


def _create(rows: list[Entry], by: Any) -> PolicyNotice:
    values = rows[0].values
    given = {name: values[name] for name in _NOTICE if values.get(name)}
    given["body_zh"] = richtext.typed(given.get("body_zh", ""))
    notice = PolicyNotice(region_id=values["region"], sources=_lines(values.get("sources") or ""), **given)
    create_draft(notice, by=by)
    # Those with a place of their own come first; the others follow on the places that are left.
    for row in sorted(rows, key=lambda row: row.values.get("item_position") is None):
        if row.values.get("item_title_zh"):
            create_item(notice, row.values)
    return notice


def create_item(notice: PolicyNotice, values: Mapping[str, Any]) -> PolicyItem:
    """Make the item a row describes, by the columns of the sheet, in a draft.

    It stands at the place the row names where that is free, else at the first free one.
    """
    conditions = {name: values[name] for name in _CONDITIONS if values.get(name) not in (None, [])}
    return PolicyItem.objects.create(
        notice=notice,
        kind=notice.kind,
        position=_free_place(notice, values.get("item_position")),
        title_zh=values["item_title_zh"],
        title_en=values.get("item_title_en") or "",
        max_fen=values.get("max_wan"),
        delivery=values.get("delivery") or PolicyItem.Delivery.APPLICATION,
        criteria=editing.to_raw(conditions, []),
        **{name: values[name] for name in _ITEM if values.get(name)},
    )


def _free_place(notice: PolicyNotice, wanted: int | None) -> int:
    taken = set(notice.items.values_list("position", flat=True))
    if wanted and wanted not in taken:
        return wanted
    return next(place for place in count(1) if place not in taken)


def _lines(sources: str) -> list[str]:
    return [line.strip()[:500] for line in sources.splitlines() if line.strip()]
