"""Judge criteria over facts with three answers: met, not met, unknown.

Decides verdicts and names the reason by a code; wording, storage and the vocabulary of facts are left to
others. A missing fact is never a "no". Hierarchies come in as spans of integers, so "at or below" is
"inside", and no domain word is needed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self, TypeVar

_E = TypeVar("_E", bound=StrEnum)


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    GATE = "gate"
    BONUS = "bonus"
    DISCRETIONARY = "discretionary"


class Op(StrEnum):
    WITHIN = "within"
    ONE_OF = "one_of"
    HAS_ANY = "has_any"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    YEARS_AT_LEAST = "years_at_least"
    YEARS_AT_MOST = "years_at_most"
    UNSTATED = "unstated"


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Why(StrEnum):
    """The reason of one verdict, as a code that pages put into words."""

    MET = "met"
    NO_CONDITION = "no_condition"
    OUTSIDE = "outside"
    NOT_LISTED = "not_listed"
    ABSENT = "absent"
    BELOW = "below"
    ABOVE = "above"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    MISSING = "missing"
    EXPIRED = "expired"
    COARSER = "coarser"
    UNSTATED = "unstated"


_VERDICT_OF = {
    Why.MET: Verdict.MET,
    Why.MISSING: Verdict.UNKNOWN,
    Why.EXPIRED: Verdict.UNKNOWN,
    Why.COARSER: Verdict.UNKNOWN,
}

ONE_VALUE = frozenset({Op.AT_LEAST, Op.AT_MOST, Op.YEARS_AT_LEAST, Op.YEARS_AT_MOST})


@dataclass(frozen=True, order=True)
class Span:
    """The whole numbers low..high, both included; `code` is its public name and takes no part in equality."""

    low: int
    high: int
    code: str = field(default="", compare=False)

    def contains(self, other: Span) -> bool:
        return self.low <= other.low and other.high <= self.high

    def touches(self, other: Span) -> bool:
        return self.low <= other.high and other.low <= self.high


# A span that leaves nothing out: a criterion that holds it asks for nothing.
EVERYTHING = Span(0, 2_147_483_646)


@dataclass(frozen=True)
class FactValue:
    """What is known under one fact code, already in the normal form of its type.

    The last valid day counts: a fact is unknown from the day after `expires_on`. A date known only to the
    month or year holds its first day and says so in `precision`.
    """

    value: Any
    source: str = ""
    on: date | None = None
    expires_on: date | None = None
    precision: Precision = Precision.DAY

    def has_expired(self, on: date) -> bool:
        return self.expires_on is not None and self.expires_on < on


class CriteriaError(ValueError):
    """A criterion that cannot be read: which one (counted from 1), the code of the cause, the culprit."""

    def __init__(self, position: int, code: str, detail: str = "") -> None:
        super().__init__(f"criterion {position}: {code}" + (f" ({detail})" if detail else ""))
        self.position = position
        self.code = code
        self.detail = detail


ValueReader = Callable[[str, Op, Any], Any]


def as_written(fact: str, op: Op, value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Criterion:
    """One condition on one fact; several values mean any of them."""

    fact: str
    op: Op
    values: tuple[Any, ...] = ()
    kind: Kind = Kind.GATE
    note_zh: str = ""
    note_en: str = ""

    @classmethod
    def from_json(cls, raw: Any, *, position: int = 1, read: ValueReader = as_written) -> Self:
        """Read one stored criterion; `read` turns each stored value into normal form or raises ValueError.

        Raises CriteriaError, which names the position and the cause: not_an_object, unknown_key,
        missing_key, unknown_op, unknown_kind, not_a_text, wrong_number_of_values, bad_value.
        """
        _check_keys(raw, position)
        op = _member(Op, raw["op"], position, "unknown_op")
        kind = _member(Kind, raw.get("kind", Kind.GATE), position, "unknown_kind")
        texts = [raw.get(key, "") for key in ("fact", "note_zh", "note_en")]
        for text in texts:
            if not isinstance(text, str):
                raise CriteriaError(position, "not_a_text", repr(text))
        values = _read_values(texts[0], op, raw.get("values", []), position, read)
        return cls(texts[0], op, values, kind, texts[1], texts[2])

    def to_json(self) -> dict[str, Any]:
        """Give the stored form: public codes and plain numbers, readable by `from_json`."""
        return {
            "fact": self.fact,
            "op": self.op.value,
            "values": [_plain(value) for value in self.values],
            "kind": self.kind.value,
            "note_zh": self.note_zh,
            "note_en": self.note_en,
        }


def read_all(raw: Any, *, read: ValueReader = as_written) -> tuple[Criterion, ...]:
    """Read a stored list of criteria; raises CriteriaError for the first that is wrong (0: not a list)."""
    if not isinstance(raw, list | tuple):
        raise CriteriaError(0, "not_a_list")
    return tuple(Criterion.from_json(item, position=n, read=read) for n, item in enumerate(raw, start=1))


@dataclass(frozen=True)
class Reason:
    """Why one criterion has its verdict: a code, the fact it rests on, and the facts that would settle it."""

    criterion: Criterion
    verdict: Verdict
    code: Why
    fact: FactValue | None = None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The verdict over the gates, with one reason per criterion in their order."""

    verdict: Verdict
    reasons: tuple[Reason, ...]

    @property
    def asks(self) -> tuple[str, ...]:
        """Name the facts that would settle the open gates, each once, in order."""
        gates = (reason for reason in self.reasons if reason.criterion.kind is Kind.GATE)
        return tuple(dict.fromkeys(code for reason in gates for code in reason.asks))


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene AND: one "not met" decides, else one unknown leaves it open; nothing asked is met."""
    seen = set(verdicts)
    if Verdict.NOT_MET in seen:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.MET


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene OR: one "met" decides, else one unknown leaves it open; nothing offered is not met."""
    seen = set(verdicts)
    if Verdict.MET in seen:
        return Verdict.MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.NOT_MET


def decide(criteria: Iterable[Criterion], facts: Mapping[str, FactValue], on: date) -> Decision:
    """Judge every criterion; only gates decide, bonus and discretionary ones are reported."""
    reasons = tuple(judge(criterion, facts, on) for criterion in criteria)
    gates = (reason.verdict for reason in reasons if reason.criterion.kind is Kind.GATE)
    return Decision(all_of(gates), reasons)


def judge(criterion: Criterion, facts: Mapping[str, FactValue], on: date) -> Reason:
    """Judge one criterion on the given day."""
    if criterion.op is Op.UNSTATED:
        return Reason(criterion, Verdict.UNKNOWN, Why.UNSTATED)
    if asks_for_nothing(criterion):
        return Reason(criterion, Verdict.MET, Why.NO_CONDITION)
    if criterion.op is Op.HAS_ANY:
        return _judge_certificates(criterion, facts, on)
    fact = facts.get(criterion.fact)
    code = _test(criterion, fact, on)
    verdict = _VERDICT_OF.get(code, Verdict.NOT_MET)
    return Reason(criterion, verdict, code, fact, (criterion.fact,) if verdict is Verdict.UNKNOWN else ())


def _test(criterion: Criterion, fact: FactValue | None, on: date) -> Why:
    if fact is None:
        return Why.MISSING
    return Why.EXPIRED if fact.has_expired(on) else _TESTS[criterion.op](criterion, fact, on)


def asks_for_nothing(criterion: Criterion) -> bool:
    """Tell whether a criterion is no condition at all, as "the whole country" is."""
    return criterion.op is Op.WITHIN and any(span.contains(EVERYTHING) for span in criterion.values)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or follow each other, as a multirange in the database does."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.low <= joined[-1].high + 1:
            joined[-1] = Span(joined[-1].low, max(joined[-1].high, span.high))
        else:
            joined.append(Span(span.low, span.high))
    return tuple(joined)


def period(first: date, precision: Precision) -> tuple[date, date]:
    """Give the first and last day that a date of this precision can mean."""
    if precision is Precision.YEAR:
        return date(first.year, 1, 1), date(first.year, 12, 31)
    if precision is Precision.MONTH:
        start = first.replace(day=1)
        return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first, first


def anniversary(start: date, years: int) -> date:
    """Give the day `years` later; 29 February becomes 28 February where the year has no 29th."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def latest_start(on: date, years: int) -> date:
    """Give the last day one can have started on to be at least `years` old on the day `on`."""
    guess = anniversary(on, -years)
    after = guess + timedelta(days=1)
    return after if anniversary(after, years) <= on else guess


def earliest_start(on: date, years: int) -> date:
    """Give the first day one can have started on to be at most `years` old on the day `on`."""
    guess = anniversary(on, -years)
    return guess if anniversary(guess, years) >= on else guess + timedelta(days=1)


def full_years(start: date, on: date) -> int:
    """Count the anniversaries up to and including `on`; negative for a start in the future."""
    years = on.year - start.year
    return years if anniversary(start, years) <= on else years - 1


def years_begun(start: date, on: date) -> int:
    """Count the years begun by `on`: one more than the full years, except on the anniversary itself."""
    years = full_years(start, on)
    return years if anniversary(start, years) == on else years + 1


def _test_within(criterion: Criterion, fact: FactValue, on: date) -> Why:
    wanted = merged(criterion.values)
    if any(span.contains(fact.value) for span in wanted):
        return Why.MET
    return Why.COARSER if any(span.touches(fact.value) for span in wanted) else Why.OUTSIDE


def _test_one_of(criterion: Criterion, fact: FactValue, on: date) -> Why:
    return Why.MET if fact.value in criterion.values else Why.NOT_LISTED


def _test_at_least(criterion: Criterion, fact: FactValue, on: date) -> Why:
    return Why.MET if fact.value >= criterion.values[0] else Why.BELOW


def _test_at_most(criterion: Criterion, fact: FactValue, on: date) -> Why:
    return Why.MET if fact.value <= criterion.values[0] else Why.ABOVE


def _test_years_at_least(criterion: Criterion, fact: FactValue, on: date) -> Why:
    oldest, youngest = period(fact.value, fact.precision)
    limit = latest_start(on, criterion.values[0])
    if youngest <= limit:
        return Why.MET
    return Why.COARSER if oldest <= limit else Why.TOO_YOUNG


def _test_years_at_most(criterion: Criterion, fact: FactValue, on: date) -> Why:
    oldest, youngest = period(fact.value, fact.precision)
    limit = earliest_start(on, criterion.values[0])
    if oldest >= limit:
        return Why.MET
    return Why.COARSER if youngest >= limit else Why.TOO_OLD


_TESTS: dict[Op, Callable[[Criterion, FactValue, date], Why]] = {
    Op.WITHIN: _test_within,
    Op.ONE_OF: _test_one_of,
    Op.AT_LEAST: _test_at_least,
    Op.AT_MOST: _test_at_most,
    Op.YEARS_AT_LEAST: _test_years_at_least,
    Op.YEARS_AT_MOST: _test_years_at_most,
}


def _judge_certificates(criterion: Criterion, facts: Mapping[str, FactValue], on: date) -> Reason:
    """Ask for one certificate of several; each is a fact of its own below the criterion's fact."""
    codes = [f"{criterion.fact}.{value}" for value in criterion.values]
    live = {code: facts[code] for code in codes if code in facts and not facts[code].has_expired(on)}
    for code in codes:
        if code in live and live[code].value:
            return Reason(criterion, Verdict.MET, Why.MET, live[code])
    asks = tuple(code for code in codes if code not in live)
    if not asks:
        return Reason(criterion, Verdict.NOT_MET, Why.ABSENT, live[codes[0]])
    expired = next((facts[code] for code in asks if code in facts), None)
    return Reason(criterion, Verdict.UNKNOWN, Why.EXPIRED if expired else Why.MISSING, expired, asks)


_KEYS = ("fact", "op", "values", "kind", "note_zh", "note_en")


def _check_keys(raw: Any, position: int) -> None:
    if not isinstance(raw, Mapping):
        raise CriteriaError(position, "not_an_object")
    for key in raw:
        if key not in _KEYS:
            raise CriteriaError(position, "unknown_key", str(key))
    needed = ("op",) if raw.get("op") == Op.UNSTATED else ("fact", "op", "values")
    for key in needed:
        if key not in raw:
            raise CriteriaError(position, "missing_key", key)


def _member(enum: type[_E], value: Any, position: int, code: str) -> _E:
    try:
        return enum(value)
    except ValueError as error:
        raise CriteriaError(position, code, str(value)) from error


def _read_values(fact: str, op: Op, raw: Any, position: int, read: ValueReader) -> tuple[Any, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise CriteriaError(position, "wrong_number_of_values", repr(raw))
    if len(raw) != 1 if op in ONE_VALUE else bool(raw) is (op is Op.UNSTATED):
        raise CriteriaError(position, "wrong_number_of_values", str(len(raw)))
    try:
        return tuple(read(fact, op, value) for value in raw)
    except (ValueError, TypeError) as error:
        raise CriteriaError(position, "bad_value", str(error)) from error


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return value.code or [value.low, value.high]
    return str(value) if isinstance(value, Decimal) else value
