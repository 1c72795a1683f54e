"""Turn the plain fields of the desk's editor into criteria and back.

The editor shows the usual conditions as plain fields. A condition it has no field for (a bonus, say) is kept
as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from core.criteria import Criterion, Kind, Op
from enterprises import facts

# Fields with several values: fact and operator of the one gate they make.
SETS = {
    "regions": (facts.REGION, Op.WITHIN),
    "industries": (facts.INDUSTRY, Op.WITHIN),
    "sizes": (facts.SIZE, Op.ONE_OF),
    "quals_any": (facts.QUALIFICATION, Op.HAS_ANY),
    "zones": (facts.ZONE, Op.HAS_ANY),
}
LIMITS = {
    "employees_min": (facts.EMPLOYEES, Op.AT_LEAST),
    "employees_max": (facts.EMPLOYEES, Op.AT_MOST),
    "revenue_min": (facts.REVENUE, Op.AT_LEAST),
    "revenue_max": (facts.REVENUE, Op.AT_MOST),
    "years_min": (facts.FOUNDED, Op.YEARS_AT_LEAST),
    "years_max": (facts.FOUNDED, Op.YEARS_AT_MOST),
    "digital_level_min": (facts.DIGITAL_LEVEL, Op.AT_LEAST),
}


def to_raw(fields: Mapping[str, Any], kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the stored criteria the fields stand for, then those kept from before."""
    return [*_raw(fields), *kept]


def _raw(fields: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, (fact, op) in SETS.items():
        if fields.get(name):
            yield {"fact": fact, "op": op.value, "values": list(fields[name])}
    for code in fields.get("quals_all") or []:
        yield {"fact": facts.QUALIFICATION, "op": Op.HAS_ANY.value, "values": [code]}
    for name, (fact, op) in LIMITS.items():
        if fields.get(name) is not None:
            yield {"fact": fact, "op": op.value, "values": [_plain(fields[name])]}
    if fields.get("unstated"):
        yield {"fact": "", "op": Op.UNSTATED.value}
    yield from _discretionary(fields.get("discretion_zh") or "", fields.get("discretion_en") or "")


def _discretionary(chinese: str, english: str) -> Iterator[dict[str, Any]]:
    """Make one condition a line; the lines of both languages belong together in their order."""
    zh, en = _lines(chinese), _lines(english)
    for n in range(max(len(zh), len(en))):
        yield {
            "fact": "",
            "op": Op.UNSTATED.value,
            "kind": Kind.DISCRETIONARY.value,
            "note_zh": zh[n] if n < len(zh) else "",
            "note_en": en[n] if n < len(en) else "",
        }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _plain(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def to_fields(criteria: tuple[Criterion, ...]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give the fields that stand for stored criteria, and the criteria no field stands for."""
    fields: dict[str, Any] = {}
    kept: list[dict[str, Any]] = []
    for criterion in criteria:
        if not _take(criterion, fields):
            kept.append(criterion.to_json())
    return fields, kept


def _take(criterion: Criterion, fields: dict[str, Any]) -> bool:
    if criterion.op is Op.UNSTATED:
        return _take_text(criterion, fields)
    if criterion.kind is not Kind.GATE:
        return False
    if criterion.fact == facts.QUALIFICATION and len(criterion.values) == 1:
        fields.setdefault("quals_all", []).append(criterion.values[0])
        return True
    asked = (criterion.fact, criterion.op)
    name = next(
        (name for name, pair in (SETS | LIMITS).items() if pair == asked and name not in fields), None
    )
    if name:
        values = criterion.to_json()["values"]
        fields[name] = values if name in SETS else values[0]
    return name is not None


def _take_text(criterion: Criterion, fields: dict[str, Any]) -> bool:
    if criterion.kind is Kind.GATE and not (criterion.note_zh or criterion.note_en):
        fields["unstated"] = True
        return True
    if criterion.kind is not Kind.DISCRETIONARY:
        return False
    for name, note in (("discretion_zh", criterion.note_zh), ("discretion_en", criterion.note_en)):
        fields[name] = "\n".join(filter(None, [fields.get(name, ""), note]))
    return True
