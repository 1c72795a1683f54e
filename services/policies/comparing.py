"""Compare two published versions of a notice, field by field, over their snapshots.

Pure: takes what `versions.snapshot` gave, asks no database. What changed is told as codes and stored values;
`change_words` says it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.policies import change_words

Snapshot = Mapping[str, Any]

# Fields of the notice in the order a reader meets them; what is no reader's business is not compared.
NOTICE_FIELDS = (
    "title_zh", "title_en", "summary_zh", "summary_en", "issuer_zh", "issuer_en", "document_number",
    "issued_on", "effective_from", "effective_to", "is_ended", "region", "level", "kind", "contact",
    "body_zh", "sources", "to_be_verified",
)  # fmt: skip
ITEM_FIELDS = (
    "title_zh", "title_en", "kind", "max_fen", "rate_percent", "pool_fen", "amount_note_zh", "amount_note_en",
    "delivery", "handed", "is_open_all_year", "opens_on", "closes_on", "window_note_zh", "window_note_en",
    "steps_zh",
    "steps_en", "apply_url",
)  # fmt: skip
# Changes that can turn a verdict, a date or an amount; only they are worth a letter.
MATERIAL = frozenset(
    {"effective_to", "is_ended", "region", "max_fen", "rate_percent", "delivery", "handed",
     "is_open_all_year", "opens_on", "closes_on", "item", "criteria"}
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field that differs; `old` and `new` are stored values, None where there was nothing.

    `item` is the Chinese title of the item it is about ('' for the notice). The field "item" says that a
    whole item came (old is None) or went (new is None), "attachment" that a file did, "criteria" that a
    condition did: the values are the stored criteria. `words` says the change in the language that is active
    when it is read.
    """

    field: str
    old: Any
    new: Any
    item: str = ""
    item_en: str = ""

    @property
    def is_material(self) -> bool:
        return self.field in MATERIAL

    @property
    def words(self) -> str:
        return change_words.say(self.field, self.old, self.new)

    @property
    def item_title(self) -> str:
        return change_words.in_language(self.item, self.item_en)


def changes(old_snapshot: Snapshot, new_snapshot: Snapshot) -> list[Change]:
    """Give what differs between two snapshots, the notice first, then item by item."""
    found = [
        Change(field, old_snapshot.get(field), new_snapshot.get(field))
        for field in NOTICE_FIELDS
        if _differs(old_snapshot, new_snapshot, field)
    ]
    found.extend(_attachments(old_snapshot.get("attachments") or [], new_snapshot.get("attachments") or []))
    for old, new in _paired(old_snapshot.get("items") or [], new_snapshot.get("items") or []):
        found.extend(_of_item(old, new))
    return found


def _attachments(old: Sequence[Snapshot], new: Sequence[Snapshot]) -> Iterator[Change]:
    """Name files that came and went, as their titles; the same bytes under another title are no change."""
    before, after = {one.get("sha256") for one in old}, {one.get("sha256") for one in new}
    for one in new:
        if one.get("sha256") not in before:
            yield Change("attachment", None, _file_title(one))
    for one in old:
        if one.get("sha256") not in after:
            yield Change("attachment", _file_title(one), None)


def _file_title(one: Snapshot) -> str:
    return one.get("title_zh") or one.get("name") or ""


def _differs(old: Snapshot, new: Snapshot, field: str) -> bool:
    """Tell whether a field says something else; a field older snapshots lack counts as empty."""
    return (old.get(field) or None) != (new.get(field) or None)


def _paired(
    old: Sequence[Snapshot], new: Sequence[Snapshot]
) -> Iterator[tuple[Snapshot | None, Snapshot | None]]:
    """Pair the items of both versions: by title first, the rest by position, else they came or went."""
    left = list(old)
    pairs: list[tuple[Snapshot | None, Snapshot | None]] = []
    for key in ("title_zh", "position"):
        for item in [item for item in new if not any(pair[1] is item for pair in pairs)]:
            match = next((other for other in left if other.get(key) == item.get(key)), None)
            if match is not None:
                left.remove(match)
                pairs.append((match, item))
    place = {id(after): before for before, after in pairs}
    yield from ((place.get(id(item)), item) for item in new)
    yield from ((item, None) for item in left)


def _of_item(old: Snapshot | None, new: Snapshot | None) -> Iterator[Change]:
    named = _named(new or old or {})
    if old is None or new is None:
        yield Change("item", _title(old), _title(new), **named)
        return
    for field in ITEM_FIELDS:
        if _differs(old, new, field):
            yield Change(field, old.get(field), new.get(field), **named)
    for before, after in _criteria(old.get("criteria") or [], new.get("criteria") or []):
        yield Change("criteria", before, after, **named)


def _named(item: Snapshot) -> dict[str, str]:
    return {"item": item.get("title_zh") or "", "item_en": item.get("title_en") or ""}


def _title(item: Snapshot | None) -> str | None:
    return None if item is None else item.get("title_zh") or ""


def _criteria(old: list[Snapshot], new: list[Snapshot]) -> Iterator[tuple[Snapshot | None, Snapshot | None]]:
    """Pair conditions that ask the same of the same fact; the others were dropped or added."""
    gone = [one for one in old if one not in new]
    come = [one for one in new if one not in old]
    for after in come:
        before = next((one for one in gone if _asks(one) == _asks(after)), None)
        if before is not None:
            gone.remove(before)
        yield before, after
    yield from ((before, None) for before in gone)


def _asks(criterion: Snapshot) -> tuple[Any, ...]:
    return criterion.get("fact") or "", criterion.get("op"), criterion.get("kind") or "gate"
