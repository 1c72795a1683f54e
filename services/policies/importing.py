"""Bring the 57 real notices of `data/policies_real.yaml` in, once, with their uncertainty kept.

They come in as published by the system itself and count as announced, so nobody is written to. What is not
known stays empty; a notice already present is left exactly as staff have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from core import audit
from core.criteria import Criterion, Kind, Op
from core.money import fen_from_yuan
from enterprises import facts
from enterprises.criteria import read_criteria, write_criteria
from services.policies import indexing, versions
from services.policies.models import CLAIMABLE_KINDS, PolicyItem, PolicyNotice, State

DATA = Path(__file__).parent / "data"
ACTOR = "system import"
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# Our columns are shorter than some notes; an ellipsis says that something was cut.
_NOTE_LENGTH = 300


@cache
def mapping() -> Mapping[str, Any]:
    """Give the decisions taken by hand about the real notices, and the Chinese of their English notes."""
    return dict(yaml.safe_load((DATA / "policies_mapping.yaml").read_text(encoding="utf-8")))


def real_policies() -> list[dict[str, Any]]:
    return list(yaml.safe_load((DATA / "policies_real.yaml").read_text(encoding="utf-8"))["policies"])


def load_real_policies() -> int:
    """Create the real notices that are not there yet; return how many. The regions must be loaded.

    Safe to repeat: a notice that exists, edited or not, is not touched.
    """
    rows = real_policies()
    known = set(PolicyNotice.objects.values_list("slug", flat=True))
    new = [row for row in rows if row["id"] not in known]
    with transaction.atomic():
        created = {row["id"]: _create(row) for row in new}
        for row in new:
            _supersede(created[row["id"]], row["superseded_by"])
        for notice in created.values():
            _finish(notice)
    return len(new)


def _create(row: dict[str, Any]) -> PolicyNotice:
    notice = PolicyNotice.objects.create(
        slug=row["id"], to_be_verified=True, **_state(row), **_texts(row), **_dates(row), **_provenance(row)
    )
    if notice.kind in CLAIMABLE_KINDS:
        _create_item(notice, row)
    return notice


def _state(row: dict[str, Any]) -> dict[str, Any]:
    if row["status"] == "draft":
        return {"state": State.IN_REVIEW}
    return {
        "state": State.PUBLISHED,
        "version": 1,
        "published_at": timezone.now(),
        "is_ended": row["status"] in {"expired", "superseded"},
    }


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "level": row["level"],
        "region_id": row["region_code"],
        "title_zh": row["title"]["zh"],
        "title_en": row["title"]["en"],
        "issuer_zh": row["issuing_authority"]["zh"],
        "issuer_en": row["issuing_authority"]["en"],
        "summary_zh": row["summary"]["zh"],
        "summary_en": row["summary"]["en"],
        "document_number": row["document_number"] or "",
    }


def _dates(row: dict[str, Any]) -> dict[str, Any]:
    issued_on, issued_precision = _read_date(row["issue_date"])
    effective_from, from_precision = _read_date(row["effective_from"])
    return {
        "issued_on": issued_on,
        "issued_precision": issued_precision,
        "effective_from": effective_from,
        "effective_from_precision": from_precision,
        "effective_to": _read_date(row["effective_to"])[0],
    }


def _provenance(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "sources": row["source"],
        "source_quality": row["source_quality"],
        "evidence": row["evidence"],
        "confidence": row["confidence"],
        "targets": row.get("targets", []),
    }


def _read_date(raw: str | None) -> tuple[date | None, str]:
    """Read "2024", "2024-05" or "2024-05-31" into a first day and its precision."""
    found = _DATE.fullmatch(str(raw)) if raw else None
    if found is None:
        return None, "day"
    year, month, day = found.groups()
    return date(int(year), int(month or 1), int(day or 1)), "day" if day else "month" if month else "year"


def _supersede(notice: PolicyNotice, slug: str | None) -> None:
    """Point to what replaced the notice; where that is not in the portal it stays shown as ended."""
    successor = PolicyNotice.objects.filter(slug=slug).first() if slug else None
    if successor:
        notice.state = State.SUPERSEDED
        notice.superseded_by = successor
        notice.save(update_fields=["state", "superseded_by"])


def _finish(notice: PolicyNotice) -> None:
    audit.record(notice, "import", by=None, after=notice.state, role=ACTOR)
    if notice.state != State.IN_REVIEW:
        versions.keep(notice, by=None)
        indexing.refresh(notice)


# --- items and criteria -----------------------------------------------------------


@dataclass(frozen=True)
class _ByHand:
    """What was decided by hand about one notice."""

    amount: str = ""
    window: str = ""
    not_gates: tuple[str, ...] = ()
    conditions: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def of(cls, slug: str) -> _ByHand:
        return cls(**mapping()["items"].get(slug, {}))


def _create_item(notice: PolicyNotice, row: dict[str, Any]) -> PolicyItem:
    by_hand = _ByHand.of(row["id"])
    return PolicyItem.objects.create(
        notice=notice,
        kind=notice.kind,
        title_zh=notice.title_zh,
        title_en=notice.title_en,
        announced_at=None if notice.state == State.IN_REVIEW else timezone.now(),
        delivery=row.get("delivery", PolicyItem.Delivery.APPLICATION),
        criteria=write_criteria(criteria_of(row)),
        **_amounts(row["funding"], by_hand),
        **_window(row["application_window"] or {}, by_hand),
    )


def _amounts(funding: dict[str, Any], by_hand: _ByHand) -> dict[str, Any]:
    rate = funding["rate_percent"]
    return {
        "max_fen": None if by_hand.amount == "note only" else _fen(funding["max_cny"]),
        "pool_fen": _fen(funding["pool_cny"]),
        "rate_percent": None if rate is None else Decimal(str(rate)),
        **_note("amount_note", funding.get("note")),
    }


def _window(window: dict[str, Any], by_hand: _ByHand) -> dict[str, Any]:
    dates = {} if by_hand.window == "note only" else window
    return {
        "opens_on": _read_date(dates.get("opens"))[0],
        "closes_on": _read_date(dates.get("closes"))[0],
        **_note("window_note", window.get("note")),
    }


def _fen(yuan: int | None) -> int | None:
    return None if yuan is None else fen_from_yuan(yuan)


def _note(field: str, note: str | None) -> dict[str, str]:
    if not note:
        return {}
    return {f"{field}_zh": in_chinese(note)[:_NOTE_LENGTH], f"{field}_en": note[:_NOTE_LENGTH]}


def in_chinese(note: str) -> str:
    """Give the Chinese of an English note of the source list; the note itself where there is none."""
    return str(mapping()["texts"].get(note, note))


def criteria_of(row: dict[str, Any]) -> tuple[Criterion, ...]:
    """Give the criteria of a notice of the source list; raises CriteriaError.

    Nothing stated beyond the region becomes a gate that is not stated. Text that no fact can answer becomes
    a discretionary condition.
    """
    stated = {key: value for key, value in row["eligibility"].items() if value is not None}
    by_hand = _ByHand.of(row["id"])
    raw = [
        *_gates(stated, by_hand),
        *_qualifications(stated.get("qualifications", [])),
        *([_by_text(stated["other"], in_chinese(stated["other"]))] if "other" in stated else []),
        *(_by_text(condition["en"], condition["zh"]) for condition in by_hand.conditions),
    ]
    if not stated.keys() - {"regions"} and not by_hand.conditions:
        raw.append({"fact": "", "op": Op.UNSTATED})
    return read_criteria(raw)


_LIMITS = {
    "min_revenue_wan": (facts.REVENUE, Op.AT_LEAST),
    "max_revenue_wan": (facts.REVENUE, Op.AT_MOST),
    "max_employees": (facts.EMPLOYEES, Op.AT_MOST),
    "min_years": (facts.FOUNDED, Op.YEARS_AT_LEAST),
    "digital_level_min": (facts.DIGITAL_LEVEL, Op.AT_LEAST),
}
_SETS = {
    "regions": (facts.REGION, Op.WITHIN),
    "industries": (facts.INDUSTRY, Op.WITHIN),
    "sizes": (facts.SIZE, Op.ONE_OF),
}


def _gates(stated: dict[str, Any], by_hand: _ByHand) -> Iterator[dict[str, Any]]:
    for key, (fact, op) in _SETS.items():
        if stated.get(key):
            yield {"fact": fact, "op": op, "values": list(stated[key])}
    for key, (fact, op) in _LIMITS.items():
        if key in stated and key not in by_hand.not_gates:
            yield {"fact": fact, "op": op, "values": [stated[key]]}


def _qualifications(texts: list[str]) -> Iterator[dict[str, Any]]:
    codes = mapping()["qualifications"]
    for words in texts:
        if words in codes:
            yield {"fact": facts.QUALIFICATION, "op": Op.HAS_ANY, "values": codes[words]}
        else:
            yield _by_text(words, in_chinese(words))


def _by_text(english: str, chinese: str) -> dict[str, Any]:
    return {
        "fact": "",
        "op": Op.UNSTATED,
        "kind": Kind.DISCRETIONARY,
        "note_zh": chinese,
        "note_en": english,
    }
