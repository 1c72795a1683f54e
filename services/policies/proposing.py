"""Compare a row of a sheet with the notice that is there already, field by field, and put one field into it.

An empty cell proposes nothing: what a source does not say is not denied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core import richtext
from core.criteria import CriteriaError
from enterprises.criteria import read_criteria
from services.policies import change_words, editing
from services.policies.intake.columns import BY_CODE
from services.policies.models import PolicyItem, PolicyNotice

NOTICE = (
    "title_zh", "title_en", "issuer_zh", "issuer_en", "document_number", "kind", "level", "region",
    "issued_on", "effective_from", "effective_to", "summary_zh", "summary_en", "contact", "body_zh",
    "sources",
)  # fmt: skip
# Columns of the item, and the field each stands for.
ITEM = {
    "item_title_zh": "title_zh", "item_title_en": "title_en", "max_wan": "max_fen",
    "rate_percent": "rate_percent", "delivery": "delivery", "opens_on": "opens_on", "closes_on": "closes_on",
    "steps_zh": "steps_zh", "apply_url": "apply_url",
}  # fmt: skip
CONDITIONS = (
    "regions", "industries", "sizes", "quals_any", "employees_min", "employees_max", "years_min",
)  # fmt: skip
_DATES = {"issued_on", "effective_from", "effective_to", "opens_on", "closes_on"}


@dataclass(frozen=True)
class Difference:
    """One field that the source has otherwise; both values as JSON."""

    field: str
    ours: Any
    theirs: Any

    @property
    def digest(self) -> str:
        return digest(self.field, self.theirs)


def digest(field: str, value: Any) -> str:
    """Give the hash of what a source says of a field."""
    plain = json.dumps([field, value], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def differences(values: Mapping[str, Any], notice: PolicyNotice) -> list[Difference]:
    """Give the fields of a row that say something else than the notice; its items come from one query.

    Fields of the item are compared only where the notice has exactly one.
    """
    ours = present(notice)
    found = []
    for field, raw in values.items():
        theirs = _plain(_READERS[field](raw) if field in _READERS else raw)
        if field in ours and theirs not in (None, "", []) and _normal(theirs) != _normal(ours[field]):
            found.append(Difference(field, ours[field], theirs))
    return found


def present(notice: PolicyNotice) -> dict[str, Any]:
    """Give the present values of a notice by the columns of a sheet, as JSON."""
    found = {name: _plain(getattr(notice, name)) for name in NOTICE if name != "region"}
    found["region"] = notice.region_id
    item = _only_item(notice)
    if item is not None:
        found |= {column: _plain(getattr(item, name)) for column, name in ITEM.items()}
        found |= dict(_conditions(item))
    return found


def put(notice: PolicyNotice, field: str, value: Any) -> None:
    """Write one value into a draft (not saved for the notice, saved for its item).

    Raises LookupError when the notice no longer has exactly one item.
    """
    if field in NOTICE:
        setattr(notice, "region_id" if field == "region" else field, _read(field, value))
        return
    item = _only_item(notice)
    if item is None:
        raise LookupError(field)
    if field in CONDITIONS:
        fields, kept = _fields(item)
        item.criteria = editing.to_raw({**fields, field: value}, kept)
    else:
        setattr(item, ITEM[field], _read(field, value))
    item.save()


def words(field: str, ours: Any, theirs: Any) -> str:
    """Say a difference in the reader's language."""
    if field in CONDITIONS:
        return f"{BY_CODE[field].words()}: {_listed(ours) or '–'} → {_listed(theirs)}"
    return change_words.say(ITEM.get(field, field), ours, theirs)


def _only_item(notice: PolicyNotice) -> PolicyItem | None:
    items = list(notice.items.all()[:2])
    return items[0] if len(items) == 1 else None


def _conditions(item: PolicyItem) -> Iterator[tuple[str, Any]]:
    try:
        fields, _kept = _fields(item)
    except CriteriaError:
        return
    for name in CONDITIONS:
        yield name, _plain(fields.get(name))


def _fields(item: PolicyItem) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give the conditions as the columns name them: one certificate alone is "at least one of these"."""
    fields, kept = editing.to_fields(read_criteria(item.criteria))
    if len(fields.get("quals_all") or []) == 1 and not fields.get("quals_any"):
        fields["quals_any"] = fields.pop("quals_all")
    return fields, kept


def _read(field: str, value: Any) -> Any:
    if field in _DATES:
        return date.fromisoformat(value)
    return Decimal(value) if field == "rate_percent" else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return value


def _normal(value: Any) -> Any:
    """Make values alike that differ in their line ends or in the order of codes only."""
    if isinstance(value, list):
        return sorted(value)
    return " ".join(value.split()) if isinstance(value, str) else value


def _lines(raw: Any) -> list[str]:
    return [line.strip()[:500] for line in str(raw or "").splitlines() if line.strip()]


# A text is stored without what could do harm, and compared so; sources stand one a line.
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "sources": _lines,
    "body_zh": lambda raw: richtext.clean(raw or ""),
}


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
