"""Find the one step that would make an item fit: hire, wait, earn, reach a level, get a certificate.

Pure. Only an item with exactly one gate that is not met, or whose gates not met are all closed by waiting, is
one step away; while a gate cannot be told, nothing is promised. How far a step may reach is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from core.criteria import Decision, Kind, Op, Reason, Verdict, anniversary, judge, period
from enterprises import facts

# A step somebody can take: a fifth more revenue, a fifth more staff (five people always), the next level,
# twenty points of readiness, two years of waiting.
MOST_SHARE = Decimal("0.2")
FEW_PEOPLE = 5
MOST_LEVELS = 1
MOST_POINTS = 20
MOST_DAYS = 731


class Way(StrEnum):
    HIRE = "hire"
    EARN = "earn"
    WAIT = "wait"
    LEVEL = "level"
    READINESS = "readiness"
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class Step:
    """What to do. `amount` is people or 10 000 yuan more, or the level or points to reach; `on` the day to
    wait for; `certificates` the codes of which one is enough."""

    way: Way
    fact: str
    amount: Decimal | int = 0
    on: date | None = None
    certificates: tuple[str, ...] = ()


def step(decision: Decision, on: date, closes_on: date | None = None) -> Step | None:
    """Give the one step to a decision that is not met; None where there is none in time."""
    gates = [reason for reason in decision.reasons if reason.criterion.kind is Kind.GATE]
    failing = [reason for reason in gates if reason.verdict is Verdict.NOT_MET]
    if not failing or any(reason.verdict is Verdict.UNKNOWN for reason in gates):
        return None
    steps = [_of(reason, on) for reason in failing]
    found = steps[0] if len(steps) == 1 else _last_wait(steps)
    if found is None or not _in_time(found, closes_on):
        return None
    return found if found.on is None or _stays_met(gates, failing, found.on) else None


def _of(reason: Reason, on: date) -> Step | None:
    find = _WAYS.get((reason.criterion.fact, reason.criterion.op))
    return find(reason, on) if find and reason.fact is not None else None


def _last_wait(steps: list[Step | None]) -> Step | None:
    waits = [found for found in steps if found and found.on]
    return max(waits, key=lambda found: found.on or date.min) if len(waits) == len(steps) else None


def _in_time(found: Step, closes_on: date | None) -> bool:
    return found.on is None or closes_on is None or found.on <= closes_on


def _stays_met(gates: list[Reason], failing: list[Reason], day: date) -> bool:
    """Tell whether the other gates will still be met on the day waited for."""
    return all(_holds(reason, day) for reason in gates if reason not in failing)


def _holds(reason: Reason, day: date) -> bool:
    fact, criterion = reason.fact, reason.criterion
    if fact is None:
        return True
    if fact.has_expired(day):
        return False
    return criterion.op is not Op.YEARS_AT_MOST or judge(criterion, {criterion.fact: fact}, day).verdict is (
        Verdict.MET
    )


def _hire(reason: Reason, on: date) -> Step | None:
    asked, more = _gap(reason)
    near = max(Decimal(FEW_PEOPLE), asked * MOST_SHARE)
    return Step(Way.HIRE, facts.EMPLOYEES, int(more)) if more <= near else None


def _earn(reason: Reason, on: date) -> Step | None:
    asked, more = _gap(reason)
    return Step(Way.EARN, facts.REVENUE, more) if more <= asked * MOST_SHARE else None


def _level(reason: Reason, on: date) -> Step | None:
    asked, more = _gap(reason)
    return Step(Way.LEVEL, facts.DIGITAL_LEVEL, int(asked)) if more <= MOST_LEVELS else None


def _readiness(reason: Reason, on: date) -> Step | None:
    asked, more = _gap(reason)
    return Step(Way.READINESS, facts.CLOUD_READINESS, int(asked)) if more <= MOST_POINTS else None


def _gap(reason: Reason) -> tuple[Decimal, Decimal]:
    asked = Decimal(reason.criterion.values[0])
    return asked, asked - Decimal(reason.fact.value if reason.fact else 0)


def _wait(reason: Reason, on: date) -> Step | None:
    if reason.fact is None:
        return None
    _oldest, youngest = period(reason.fact.value, reason.fact.precision)
    day = anniversary(youngest, reason.criterion.values[0])
    return Step(Way.WAIT, facts.FOUNDED, on=day) if day - on <= timedelta(days=MOST_DAYS) else None


def _certificate(reason: Reason, on: date) -> Step | None:
    codes = tuple(str(code) for code in reason.criterion.values)
    return Step(Way.CERTIFICATE, facts.QUALIFICATION, certificates=codes)


_WAYS: Mapping[tuple[str, Op], Callable[[Reason, date], Step | None]] = {
    (facts.EMPLOYEES, Op.AT_LEAST): _hire,
    (facts.REVENUE, Op.AT_LEAST): _earn,
    (facts.DIGITAL_LEVEL, Op.AT_LEAST): _level,
    (facts.CLOUD_READINESS, Op.AT_LEAST): _readiness,
    (facts.FOUNDED, Op.YEARS_AT_LEAST): _wait,
    (facts.QUALIFICATION, Op.HAS_ANY): _certificate,
}


def months_until(day: date, on: date) -> int:
    """Count the months to a day, half a month rounded up, for saying it roughly."""
    return int((Decimal((day - on).days) / Decimal("30.44")).quantize(Decimal(1), ROUND_HALF_UP))
