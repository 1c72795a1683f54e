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
from services.policies.intake import item_key
from services.policies.intake.columns import BY_CODE, ITEM_CODES
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


NEW_ITEM = "item"


@dataclass(frozen=True)
class Difference:
    """One field that the source has otherwise; both values as JSON.

    `item` is the item it is about, None for the notice. A whole item that the notice lacks is the field
    NEW_ITEM, its columns the value.
    """

    field: str
    ours: Any
    theirs: Any
    item: PolicyItem | None = None

    @property
    def digest(self) -> str:
        return digest(self.field, self.theirs)


def digest(field: str, value: Any) -> str:
    """Give the hash of what a source says of a field."""
    plain = json.dumps([field, value], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def differences(
    values: Mapping[str, Any], notice: PolicyNotice, *, is_only_row: bool = True
) -> list[Difference]:
    """Give the fields of a row that say something else than the notice; its items come from one query.

    The item is the one at the place the row names, else the one of its title; where both the notice and
    the sheet (`is_only_row`) have one item only, that one. An item the notice lacks is proposed as a whole.
    """
    read = {field: _READERS[field](raw) if field in _READERS else raw for field, raw in values.items()}
    said = {field: _plain(value) for field, value in read.items() if value not in (None, "", [])}
    found = list(_differing(said, _of_notice(notice), None))
    if not said.get("item_title_zh"):
        return found
    item = _meant(values, list(notice.items.all()), is_only_row=is_only_row)
    if item is not None:
        return [*found, *_differing(said, _of_item(item), item)]
    return [*found, Difference(NEW_ITEM, None, {code: said[code] for code in ITEM_CODES if code in said})]


def _differing(
    said: Mapping[str, Any], ours: Mapping[str, Any], item: PolicyItem | None
) -> Iterator[Difference]:
    for field, theirs in said.items():
        if field in ours and _normal(theirs) != _normal(ours[field]):
            yield Difference(field, ours[field], theirs, item)


def _meant(values: Mapping[str, Any], items: list[PolicyItem], *, is_only_row: bool) -> PolicyItem | None:
    """Find the item a row speaks of; None where it is a new one."""
    place, title = values.get("item_position"), item_key(values)
    by_title = next((one for one in items if item_key({"item_title_zh": one.title_zh}) == title), None)
    if place:
        return next((one for one in items if one.position == place), by_title)
    if by_title is None and is_only_row and len(items) == 1:
        return items[0]
    return by_title


def present(notice: PolicyNotice, item: PolicyItem | None = None) -> dict[str, Any]:
    """Give the present values of a notice and one of its items by the columns of a sheet, as JSON."""
    return _of_notice(notice) | (_of_item(item) if item is not None else {})


def _of_notice(notice: PolicyNotice) -> dict[str, Any]:
    found = {name: _plain(getattr(notice, name)) for name in NOTICE if name != "region"}
    return found | {"region": notice.region_id}


def _of_item(item: PolicyItem) -> dict[str, Any]:
    return {column: _plain(getattr(item, name)) for column, name in ITEM.items()} | dict(_conditions(item))


def put(draft: PolicyNotice, field: str, value: Any, *, item: PolicyItem | None = None) -> None:
    """Write one value into a draft (not saved for the notice, saved for its item).

    `item` is the public item, or the draft's own. Raises LookupError when the draft has it no more.
    """
    if field in NOTICE:
        setattr(draft, "region_id" if field == "region" else field, _read(field, value))
        return
    item = _own(draft, item)
    if field in CONDITIONS:
        fields, kept = _fields(item)
        item.criteria = editing.to_raw({**fields, field: value}, kept)
    else:
        setattr(item, ITEM[field], _read(field, value))
    item.save()


def words(field: str, ours: Any, theirs: Any, *, item: PolicyItem | None = None) -> str:
    """Say a difference in the reader's language, with the title of the item it is about."""
    if field == NEW_ITEM:
        return _new_item(theirs)
    if field in CONDITIONS:
        said = f"{BY_CODE[field].words()}: {_listed(ours) or '–'} → {_listed(theirs)}"
    else:
        said = change_words.say(ITEM.get(field, field), ours, theirs)
    return f"{item.title} – {said}" if item is not None else said


def _new_item(columns: Mapping[str, Any]) -> str:
    title = change_words.say(NEW_ITEM, None, columns.get("item_title_zh"))
    rest = (words(code, None, value) for code, value in columns.items() if code not in _TITLES)
    return " · ".join([title, *rest])


_TITLES = frozenset({"item_title_zh", "item_title_en", "item_position"})


def columns_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of a proposed new item as a row holds them."""
    return {code: _read(code, one) for code, one in value.items()}


def _own(draft: PolicyNotice, item: PolicyItem | None) -> PolicyItem:
    """Find an item in the draft: itself, or the copy that corrects it; without one, the only item."""
    items = list(draft.items.all())
    found = [one for one in items if item is None or item.pk in {one.pk, one.corrects_id}]
    if len(found) != 1:
        raise LookupError(draft.slug)
    return found[0]


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
    "body_zh": lambda raw: richtext.clean(richtext.typed(raw or "")),
}


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
