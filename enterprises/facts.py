"""The vocabulary of facts: which codes exist, what their values look like, who supplies them.

A fact is read into its normal form once, here; rules then compare normal forms only. The size class is
derived from other facts and never stated by anyone. Writing a fact is `enterprises.actions.record_fact`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, lazystr
from django.utils.translation import get_language, gettext_lazy

from core import text
from core.criteria import FactValue, Precision, Span, period
from enterprises.classification import industries, regions
from enterprises.classification.qualifications import QUALIFICATIONS, Qualification
from enterprises.classification.sizes import SizeClass, size_class

REGION, INDUSTRY, SIZE = "region", "industry", "size"
EMPLOYEES, REVENUE, ASSETS, FOUNDED = "employees", "revenue_wan", "assets_wan", "founded_on"
DIGITAL_LEVEL, CLOUD_READINESS = "digital_level", "cloud_readiness"
QUALIFICATION = "qualification"
# A zone is kept at the desk, so its fact has no row in the vocabulary: "zone." with the code of the zone.
ZONE = "zone"
DERIVED = "derived"

# The bits of `EnterpriseFacet.size_bit` and `ItemCriteria.sizes`.
SIZE_BITS: Mapping[str, int] = MappingProxyType(
    {
        SizeClass.LARGE: 1,
        SizeClass.MEDIUM: 2,
        SizeClass.SMALL: 4,
        SizeClass.MICRO: 8,
        SizeClass.NOT_APPLICABLE: 16,
    }
)
YUAN_PER_WAN = 10_000


class FactType(StrEnum):
    REGION = "region"
    INDUSTRY = "industry"
    SIZE = "size"
    COUNT = "count"
    AMOUNT_WAN = "amount_wan"
    DATE = "date"
    FLAG = "flag"
    LEVEL = "level"


@dataclass(frozen=True)
class FactKind:
    """One fact code: type of its value, unit, label, and the URL name of the form that supplies it."""

    code: str
    type: FactType
    label: str | Promise
    unit: str | Promise = ""
    supplied_at: str = "enterprises:profile"
    limit: int = 0


class FactError(ValueError):
    """A value that does not fit its fact: the fact code and the code of the cause.

    Causes: unknown_fact, not_stated, not_a_region, not_an_industry, not_a_number, negative, too_large,
    too_many_decimals, not_a_date, not_a_likely_year, not_a_flag, not_a_level.
    """

    def __init__(self, fact: str, code: str) -> None:
        super().__init__(f"{fact}: {code}")
        self.fact = fact
        self.code = code


def _named(qualification: Qualification) -> Promise:
    return lazystr(_InLanguage(qualification.name_zh, qualification.name_en))


@dataclass(frozen=True)
class _InLanguage:
    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.zh


_KINDS = (
    FactKind(REGION, FactType.REGION, gettext_lazy("Region")),
    FactKind(INDUSTRY, FactType.INDUSTRY, gettext_lazy("Industry")),
    FactKind(SIZE, FactType.SIZE, gettext_lazy("Size class")),
    FactKind(EMPLOYEES, FactType.COUNT, gettext_lazy("Employees"), gettext_lazy("people"), limit=10_000_000),
    FactKind(
        REVENUE,
        FactType.AMOUNT_WAN,
        gettext_lazy("Annual revenue"),
        gettext_lazy("10,000 yuan"),
        limit=10**10,
    ),
    FactKind(
        ASSETS, FactType.AMOUNT_WAN, gettext_lazy("Total assets"), gettext_lazy("10,000 yuan"), limit=10**10
    ),
    FactKind(FOUNDED, FactType.DATE, gettext_lazy("Founded on")),
    *(FactKind(f"{QUALIFICATION}.{row.code}", FactType.FLAG, _named(row)) for row in QUALIFICATIONS.values()),
    FactKind(
        DIGITAL_LEVEL, FactType.LEVEL, gettext_lazy("Digital level"), supplied_at="assessments:start", limit=4
    ),
    FactKind(
        CLOUD_READINESS,
        FactType.LEVEL,
        gettext_lazy("Cloud readiness"),
        supplied_at="assessments:start",
        limit=100,
    ),
)
VOCABULARY: Mapping[str, FactKind] = MappingProxyType({kind.code: kind for kind in _KINDS})


def kind_of(code: str) -> FactKind:
    """Give the kind of a fact code; raises FactError for a code that does not exist.

    Any zone that could exist has a kind; its name is known to `enterprises.wording.fact_name`.
    """
    if is_zone(code):
        return FactKind(code, FactType.FLAG, gettext_lazy("Zone"), supplied_at="enterprises:profile")
    try:
        return VOCABULARY[code]
    except KeyError as error:
        raise FactError(code, "unknown_fact") from error


_ZONE_FACT = re.compile(rf"{ZONE}\.[a-z0-9][a-z0-9_-]{{0,39}}", re.ASCII)


def is_zone(code: str) -> bool:
    """Tell whether a fact code says of one zone whether the enterprise lies in it."""
    return _ZONE_FACT.fullmatch(code) is not None


def zone_code(code: str) -> str:
    """Give the fact code of a zone."""
    return f"{ZONE}.{code}"


def supply_url(code: str) -> str | None:
    """Give the address of the form that supplies a fact, or None while no page does."""
    try:
        return reverse(kind_of(code).supplied_at)
    except NoReverseMatch:
        return None


# --- reading and storing ------------------------------------------------------


def read(
    code: str,
    raw: Any,
    *,
    source: str = "",
    on: date | None = None,
    expires_on: date | None = None,
    precision: str | None = None,
) -> FactValue:
    """Read a value as typed or stored into its normal form; raises FactError.

    Regions and industries become spans, counts and levels int, amounts Decimal in 10 000 yuan, flags
    bool. A date may be a date or text: "2019", "2019-03" and "2019-03-14" set the precision themselves
    unless it is given.
    """
    kind = kind_of(code)
    if kind.type is FactType.DATE:
        day, found = _read_date(kind, raw)
        exactly = Precision(precision or found)
        return FactValue(period(day, exactly)[0], source, on, expires_on, exactly)
    return FactValue(_READERS[kind.type](kind, raw), source, on, expires_on)


def stored(code: str, fact: FactValue) -> Any:
    """Give the JSON value of a fact as `Fact.value` keeps it; `read` takes it back."""
    kind = kind_of(code)
    if kind.type in {FactType.REGION, FactType.INDUSTRY}:
        return fact.value.code
    if kind.type is FactType.AMOUNT_WAN:
        return f"{fact.value.normalize():f}"
    return fact.value.isoformat() if kind.type is FactType.DATE else fact.value


class FactRow(Protocol):
    """What is needed of a stored fact; `enterprises.models.Fact` has it."""

    code: Any
    value: Any
    source: Any
    on: Any
    expires_on: Any
    precision: Any


def from_rows(rows: Iterable[FactRow]) -> dict[str, FactValue]:
    """Turn stored facts into the mapping that rules read."""
    return {
        row.code: read(
            row.code,
            row.value,
            source=row.source,
            on=row.on,
            expires_on=row.expires_on,
            precision=row.precision if kind_of(row.code).type is FactType.DATE else None,
        )
        for row in rows
    }


def _read_region(kind: FactKind, raw: Any) -> Span:
    if not isinstance(raw, str) or not regions.is_known(raw):
        raise FactError(kind.code, "not_a_region")
    return regions.span(raw)


def _read_industry(kind: FactKind, raw: Any) -> Span:
    if not isinstance(raw, str) or not industries.is_known(raw):
        raise FactError(kind.code, "not_an_industry")
    return industries.span(raw)


def _read_size(kind: FactKind, raw: Any) -> str:
    raise FactError(kind.code, "not_stated")


def _read_count(kind: FactKind, raw: Any) -> int:
    return int(_read_number(kind, raw, decimals=0))


def _read_amount(kind: FactKind, raw: Any) -> Decimal:
    # Four decimals of 10 000 yuan are one yuan: the facet keeps whole yuan and must not round.
    return _read_number(kind, raw, decimals=4)


def _read_level(kind: FactKind, raw: Any) -> int:
    try:
        return _read_count(kind, raw)
    except FactError as error:
        raise FactError(kind.code, "not_a_level") from error


def _read_flag(kind: FactKind, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise FactError(kind.code, "not_a_flag")
    return raw


def _read_number(kind: FactKind, raw: Any, *, decimals: int) -> Decimal:
    try:
        number = text.decimal(raw) if isinstance(raw, str) else Decimal(raw)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise FactError(kind.code, "not_a_number") from error
    if isinstance(raw, bool | float) or not number.is_finite():
        raise FactError(kind.code, "not_a_number")
    if number < 0:
        raise FactError(kind.code, "negative")
    if number > kind.limit:
        raise FactError(kind.code, "too_large")
    if number != round(number, decimals):
        raise FactError(kind.code, "too_many_decimals")
    return number


_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
# Years beyond these are slips of the finger; the reckoning of anniversaries stays inside what dates can hold.
FIRST_YEAR, _LAST_YEAR = 1800, 2200


def _read_date(kind: FactKind, raw: Any) -> tuple[date, Precision]:
    raw = raw.isoformat()[:10] if isinstance(raw, date) else raw
    match = _DATE.fullmatch(text.normal(raw)) if isinstance(raw, str) else None
    if match is None:
        raise FactError(kind.code, "not_a_date")
    year, month, day = match.groups()
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise FactError(kind.code, "not_a_date") from error
    if not FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise FactError(kind.code, "not_a_likely_year")
    return found, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR


_READERS: Mapping[FactType, Callable[[FactKind, Any], Any]] = {
    FactType.REGION: _read_region,
    FactType.INDUSTRY: _read_industry,
    FactType.SIZE: _read_size,
    FactType.COUNT: _read_count,
    FactType.AMOUNT_WAN: _read_amount,
    FactType.FLAG: _read_flag,
    FactType.LEVEL: _read_level,
}


# --- the size class, and the facet --------------------------------------------


def live(facts: Mapping[str, FactValue], on: date) -> dict[str, FactValue]:
    """Keep the facts that have not expired; the last valid day counts."""
    return {code: fact for code, fact in facts.items() if not fact.has_expired(on)}


def _size(facts: Mapping[str, FactValue]) -> tuple[str, tuple[str, ...]]:
    def value(code: str) -> Any:
        return facts[code].value if code in facts else None

    industry = value(INDUSTRY)
    result = size_class(
        industry and industry.code,
        employees=value(EMPLOYEES),
        revenue_wan=value(REVENUE),
        assets_wan=value(ASSETS),
    )
    return result.size, result.missing


def size_needs(facts: Mapping[str, FactValue], on: date) -> tuple[str, ...]:
    """Name the facts still needed to know the size class; empty when it is known."""
    return _size(live(facts, on))[1]


def with_size(facts: Mapping[str, FactValue], on: date) -> dict[str, FactValue]:
    """Add the size class where the facts decide it on that day; a stated one is dropped."""
    known = {code: fact for code, fact in facts.items() if code != SIZE}
    size, _ = _size(live(known, on))
    if size != SizeClass.UNKNOWN:
        known[SIZE] = FactValue(str(size), DERIVED, on)
    return known


def to_facet(facts: Mapping[str, FactValue], on: date) -> dict[str, Any]:
    """Give the columns of `EnterpriseFacet` for the facts that are live on the day `on`.

    Everything unknown is None; an expired certificate leaves its bit out of `quals_known`.
    """
    known = live(with_size(facts, on), on)

    def value(code: str) -> Any:
        return known[code].value if code in known else None

    return {
        **_span_columns("region", value(REGION)),
        **_span_columns("industry", value(INDUSTRY)),
        "size_bit": SIZE_BITS.get(value(SIZE) or ""),
        **_qualification_columns(known),
        "revenue_yuan": None if REVENUE not in known else int(value(REVENUE) * YUAN_PER_WAN),
        "employees": value(EMPLOYEES),
        **_founding_columns(known.get(FOUNDED)),
        "digital_level": value(DIGITAL_LEVEL),
        "cloud_readiness": value(CLOUD_READINESS),
        "zones": _zones(known, said=True),
        "zones_out": _zones(known, said=False),
    }


def _zones(known: Mapping[str, FactValue], *, said: bool) -> list[str] | None:
    """Give the zones of which this was said; None for none, as for all that is unknown."""
    codes = [code for code, fact in known.items() if is_zone(code) and bool(fact.value) is said]
    return sorted(code.removeprefix(f"{ZONE}.") for code in codes) or None


def _span_columns(name: str, span: Span | None) -> dict[str, int | None]:
    low, high = (span.low, span.high) if span else (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def _qualification_columns(known: Mapping[str, FactValue]) -> dict[str, int]:
    held = known_bits = 0
    for code, row in QUALIFICATIONS.items():
        fact = known.get(f"{QUALIFICATION}.{code}")
        if fact is not None:
            known_bits |= row.bit
            held |= row.bit if fact.value else 0
    return {"quals": held, "quals_known": known_bits}


def _founding_columns(fact: FactValue | None) -> dict[str, date | None]:
    low, high = period(fact.value, fact.precision) if fact else (None, None)
    return {"founded_low": low, "founded_high": high}
