"""Which rule decides about a request, and why each rule before it did not.

Decides by the table of `RoutingRule`, in its order; what a rule asks of the enterprise is judged by the one
engine of criteria. Who can carry the work today is asked of `staffing`. Nothing is written here.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core import text
from core.criteria import FactValue, Verdict
from enterprises import eligibility, facts
from enterprises.criteria import read_criteria
from enterprises.models import Fact, region_prefix
from services.requests import parties, staffing
from services.requests.models import RoutingRule, ServiceRequest


class Why(StrEnum):
    """Why a rule decided, or did not."""

    MATCHED = "matched"
    GROUP = "group"
    OFFERING = "offering"
    WORDS = "words"
    REGION = "region"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    AWAY = "away"
    FULL = "full"
    LEFT = "left"
    SCOPE = "scope"


@dataclass(frozen=True)
class Look:
    """One rule as it was looked at; `about` names the fact codes or the person it hung on."""

    rule: int
    name: str
    why: str
    about: str = ""


@dataclass(frozen=True)
class Choice:
    """The rule that decides (None: the plain queue), whom it gives the request, and the looks on the way."""

    rule: RoutingRule | None
    officer: Any
    looks: tuple[Look, ...]

    def stored(self) -> list[dict[str, Any]]:
        return [asdict(look) for look in self.looks]


@dataclass(frozen=True)
class Case:
    """What rules ask of a request, read once."""

    group: str
    offering_id: int | None
    words: str
    region: str
    known: dict[str, FactValue]


class Table:
    """The rules in their order on one day; who can carry work is asked once for each person named."""

    def __init__(self, rules: Iterable[RoutingRule], on: date) -> None:
        self.rules = list(rules)
        self.on = on
        self._carriers: dict[int, tuple[Why, Any]] = {}
        self._reach: dict[int, parties.Reach] = {}

    def carrier(self, officer: Any) -> tuple[Why, Any]:
        """Return whether this person, or who stands in, can take one more, and who that is."""
        if officer.pk not in self._carriers:
            self._carriers[officer.pk] = _carrier(officer, self.on)
        return self._carriers[officer.pk]

    def reaches(self, officer: Any, row: ServiceRequest) -> bool:
        """Tell whether the request lies in this person's region and group."""
        if officer.pk not in self._reach:
            self._reach[officer.pk] = parties.reach(officer)
        group = row.offering.group if row.offering else row.group
        region = row.enterprise.region_id if row.enterprise else row.region_id
        return self._reach[officer.pk].covers(region or "", group)


def table(on: date, *, trying: int | None = None) -> Table:
    """Return the rules in use; `trying` adds one that is not in use yet, at its position."""
    wanted = Q(is_active=True) | Q(pk=trying)
    return Table(RoutingRule.objects.filter(wanted).select_related("officer", "region"), on)


def cases(rows: Iterable[ServiceRequest]) -> list[Case]:
    """Read what rules may ask of these requests, in their order; one query."""
    rows = list(rows)
    known: dict[int, list[Fact]] = {}
    numbers = {row.enterprise_id for row in rows if row.enterprise_id}
    for fact in Fact.objects.current().filter(enterprise__in=numbers):
        known.setdefault(fact.enterprise_id, []).append(fact)
    return [_case(row, facts.from_rows(known.get(row.enterprise_id or 0, []))) for row in rows]


def _case(row: ServiceRequest, known: dict[str, FactValue]) -> Case:
    region = row.enterprise.region_id if row.enterprise else row.region_id
    return Case(
        group=row.offering.group if row.offering else row.group,
        offering_id=row.offering_id,
        words=text.folded(f"{row.subject} {row.body}"),
        region=str(region or ""),
        known=known,
    )


def choose(row: ServiceRequest, case: Case, tried: Table) -> Choice:
    """Return the first rule that matches and can be followed today, with a look at each one tried."""
    looks: list[Look] = []
    for rule in tried.rules:
        why, about = condition(rule, case, tried.on)
        officer = None
        if why is Why.MATCHED and rule.officer:
            why, officer = tried.carrier(rule.officer)
            if officer and not tried.reaches(officer, row):
                why, officer = Why.SCOPE, None
            about = "" if why is Why.MATCHED else str(rule.officer)
        looks.append(Look(rule.pk, rule.name, why, about))
        if why is Why.MATCHED:
            return Choice(rule, officer, tuple(looks))
    return Choice(None, None, tuple(looks))


def condition(rule: RoutingRule, case: Case, on: date) -> tuple[Why, str]:
    """Judge the conditions of one rule; the first that fails names itself."""
    if rule.group and rule.group != case.group:
        return Why.GROUP, ""
    if rule.offering_id and rule.offering_id != case.offering_id:
        return Why.OFFERING, ""
    if rule.region_id and not case.region.startswith(region_prefix(rule.region_id)):
        return Why.REGION, ""
    if rule.words and not any(word in case.words for word in text.folded(rule.words).split()):
        return Why.WORDS, ""
    return _facts(rule, case, on)


def _facts(rule: RoutingRule, case: Case, on: date) -> tuple[Why, str]:
    asked = read_criteria(rule.criteria)
    if not asked:
        return Why.MATCHED, ""
    decision = eligibility.explain(asked, case.known, on)
    if decision.verdict is Verdict.MET:
        return Why.MATCHED, ""
    failing = [reason for reason in decision.reasons if reason.verdict is decision.verdict]
    about = " ".join(dict.fromkeys(reason.criterion.fact for reason in failing))
    return (Why.NOT_MET if decision.verdict is Verdict.NOT_MET else Why.UNKNOWN), about


def _carrier(officer: Any, on: date) -> tuple[Why, Any]:
    if not staffing.works_here(officer):
        return Why.LEFT, None
    present = staffing.stand_in(officer, on)
    if present is None:
        return Why.AWAY, None
    return (Why.MATCHED, present) if staffing.has_room(present) else (Why.FULL, None)


def in_words(look: dict[str, Any]) -> str:
    """Say one stored look: "because …" of the rule that decided, "not … because …" of the others."""
    about = look.get("about", "")
    words = {
        Why.MATCHED: _("decided by “%(rule)s”"),
        Why.GROUP: _("not “%(rule)s”, because it is for another group"),
        Why.OFFERING: _("not “%(rule)s”, because it is for another service"),
        Why.WORDS: _("not “%(rule)s”, because none of its words is in the text"),
        Why.REGION: _("not “%(rule)s”, because it is for another region"),
        Why.NOT_MET: _("not “%(rule)s”, because the enterprise does not meet: %(about)s"),
        Why.UNKNOWN: _("not “%(rule)s”, because it is not known whether it meets: %(about)s"),
        Why.AWAY: _("not “%(rule)s”, because %(about)s is away and nobody stands in"),
        Why.FULL: _("not “%(rule)s”, because %(about)s has no room for more"),
        Why.SCOPE: _("not “%(rule)s”, because %(about)s does not work for this region and group"),
        Why.LEFT: _("not “%(rule)s”, because %(about)s no longer triages"),
    }
    if look["why"] in (Why.NOT_MET, Why.UNKNOWN):
        about = ", ".join(
            str(facts.kind_of(code).label) for code in about.split() if code in facts.VOCABULARY
        )
    return words[Why(look["why"])] % {"rule": look["name"], "about": about}
