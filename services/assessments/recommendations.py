"""The three best next steps: what is gained for the effort, who helps, and which policies come within reach.

Rule: a question counts the points it still lacks, as a share of the whole score; a scene below the level that
comes next counts four, a constrained one six. Items that one service helps with are added up and divided by
the effort of the hardest of them. A step is shown only with a service that can be asked for now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from core import calendar
from core.criteria import FactValue, Verdict
from core.rows import clauses, listed
from enterprises import facts
from enterprises.models import Enterprise, EnterpriseFacet
from services.assessments import results, wording
from services.assessments.frameworks.schema import Framework, Item, Kind
from services.assessments.models import Assessment
from services.catalogue.models import Offering
from services.industry import solving
from services.policies import rows as policy_rows
from services.policies.matching import items_for
from services.policies.models import PolicyItem

STEPS = 3
SCENE, CONSTRAINED_SCENE = 4, 6
SHOWN_ITEMS = 5


@dataclass
class _Gain:
    worth: Fraction = Fraction(0)
    points: Fraction = Fraction(0)
    effort: int = 1
    scenes: int = 0
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One thing to do next: what it concerns, what it brings, how much work, and the service to ask for.

    `solutions_url` shows how others go about it, '' where no solution is known.
    """

    title: str
    reason: str
    effort: str
    offering: Offering
    url: str
    solutions_url: str = ""


def source_label(assessment: Assessment) -> str:
    """Name a round as the source of a request that comes from its report."""
    return gettext("Assessment %(reference)s") % {"reference": assessment.reference}


def best_steps(
    framework: Framework,
    answers: Mapping[str, Sequence[str]],
    result: Mapping[str, Any],
    *,
    source_label: str = "",
    source_url: str = "",
) -> list[Step]:
    """Return up to three steps, the best first; one query for the services, one for the solutions."""
    ranked = _ranked(framework, answers, result, source_label, source_url)
    steps = dict(islice(ranked, STEPS))
    solved = solving.helping_with(steps)
    return [
        replace(step, solutions_url=_solutions(capability)) if capability in solved else step
        for capability, step in steps.items()
    ]


def best_step(
    framework: Framework,
    answers: Mapping[str, Sequence[str]],
    result: Mapping[str, Any],
    *,
    source_label: str = "",
    source_url: str = "",
) -> Step | None:
    """Return the best step alone, without its solutions; one query."""
    ranked = _ranked(framework, answers, result, source_label, source_url)
    return next((step for _capability, step in ranked), None)


def _ranked(
    framework: Framework,
    answers: Mapping[str, Sequence[str]],
    result: Mapping[str, Any],
    source_label: str,
    source_url: str,
) -> Iterator[tuple[str, Step]]:
    """Give steps by capability, the best first, each service once."""
    gains = _gains(framework, answers, result)
    offerings = _offerings(list(gains))
    ranked = sorted(
        ((gain.worth / gain.effort, capability, gain) for capability, gain in gains.items()),
        key=lambda one: (-one[0], one[1]),
    )
    taken: set[int] = set()
    for _worth, capability, gain in ranked:
        offering = offerings.get(capability)
        if offering is None or offering.pk in taken:
            continue
        taken.add(offering.pk)
        yield capability, _step(gain, offering, source_label, source_url)


def _gains(
    framework: Framework, answers: Mapping[str, Sequence[str]], result: Mapping[str, Any]
) -> dict[str, _Gain]:
    wanted = next_scene_level(framework, result.get("level") or 0)
    gains: dict[str, _Gain] = {}
    for name, remedy in framework.remedies.items():
        item = framework.items[name]
        worth, points = _worth(framework, item, answers.get(name, ()), result, wanted)
        if worth <= 0:
            continue
        gain = gains.setdefault(remedy.capability, _Gain())
        gain.worth += worth
        gain.points += points
        gain.effort = max(gain.effort, remedy.effort)
        gain.scenes += item.kind is Kind.SCENE
        gain.items.append(item)
    return gains


def _worth(
    framework: Framework,
    item: Item,
    chosen: Sequence[str],
    result: Mapping[str, Any],
    wanted: int,
) -> tuple[Fraction, Fraction]:
    if item.id in result.get("hidden", ()):
        return Fraction(0), Fraction(0)
    if item.kind is Kind.SCENE:
        below = result["scenes"].get(item.id, 0) < wanted and item.id not in result["not_applicable"]
        return Fraction((CONSTRAINED_SCENE if item.constrained else SCENE) if below else 0), Fraction(0)
    got = sum((item.by_id[one].points for one in chosen if one in item.by_id), Fraction(0))
    lacking = (item.max_points - got) * _weight(framework, item, result)
    parts = len(framework.scored_dimensions) if framework.total.value == "mean" else 1
    points = lacking / parts
    return points / framework.max_score * 100, points


def _weight(framework: Framework, item: Item, result: Mapping[str, Any]) -> Fraction:
    """Return what a point of this question counts, its part being worth more or less than what was asked."""
    part = next(one for one in framework.scored_dimensions if any(item is other for other in one.items))
    hidden = result.get("hidden", ())
    asked = sum((one.max_points for one in part.items if one.id not in hidden), Fraction(0))
    return part.max_points / asked


def next_scene_level(framework: Framework, level: int) -> int:
    """Return the level scenes must reach for the next step of the rule; 0 when the rule asks for none."""
    following = [one for one in framework.levels if one.level == level + 1]
    return following[0].scene_level if following else 0


def _offerings(capabilities: list[str]) -> dict[str, Offering]:
    """Return the first service that can be asked for, by capability; free ones first."""
    rows = (
        Offering.objects.can_be_requested()
        .filter(capabilities__code__in=capabilities)
        .select_related("provider")
        .order_by("-is_free", "position", "pk")
        .annotate(helps_with=F("capabilities__code"))
    )
    found: dict[str, Offering] = {}
    for row in rows:
        found.setdefault(row.helps_with, row)
    return found


def _solutions(capability: str) -> str:
    return f"{reverse('industry:solutions')}?{urlencode({'capability': capability})}"


def _step(gain: _Gain, offering: Offering, source_label: str, source_url: str) -> Step:
    reasons = []
    if gain.points:
        reasons.append(
            gettext("up to %(points)s points more")
            % {"points": wording.points(results.four_places(gain.points))}
        )
    if gain.scenes:
        reasons.append(
            ngettext(
                "lifts %(count)s scene towards the next level",
                "lifts %(count)s scenes towards the next level",
                gain.scenes,
            )
            % {"count": gain.scenes}
        )
    named = [wording.say(item.title) for item in gain.items[:3]]
    query = {"offering": offering.slug, "source_label": source_label, "source_url": source_url}
    return Step(
        title=_title(named),
        reason=clauses(reasons),
        effort=wording.effort(gain.effort),
        offering=offering,
        url=f"{reverse('requests:new')}?{urlencode({k: v for k, v in query.items() if v})}",
    )


def _title(named: list[str]) -> str:
    """Put the questions of a step into one line; several lose their question marks."""
    if len(named) > 1:
        named = [one.rstrip("?？") for one in named]
    return listed(named)


# --- the policies a better level would open --------------------------------------------


@dataclass(frozen=True)
class Unlocked:
    """How many more items fit with a better value of a fact, and the first of them."""

    level: str
    count: int
    links: tuple[tuple[str, str], ...]


def unlocked(enterprise: Enterprise, framework: Framework, level: int) -> Unlocked | None:
    """Tell what the next level opens; None without a next level, or a fact policies ask for."""
    following = [one for one in framework.levels if one.level == level + 1]
    if framework.fact != facts.DIGITAL_LEVEL or not following:
        return None
    today = calendar.today()
    known = facts.from_rows(enterprise.facts.current())
    more = _fitting(known, level + 1, today) - _fitting(known, level, today)
    shown = PolicyItem.objects.filter(pk__in=more).select_related("notice").order_by("closes_on", "pk")
    links = tuple((item.title, policy_rows.page_url(item.notice)) for item in shown[:SHOWN_ITEMS])
    return Unlocked(wording.say(following[0].title), len(more), links)


def _fitting(known: Mapping[str, FactValue], level: int, on: date) -> set[int]:
    imagined = {**known, facts.DIGITAL_LEVEL: facts.read(facts.DIGITAL_LEVEL, level)}
    facet = EnterpriseFacet(**facts.to_facet(imagined, on))
    return {fit.item_id for fit in items_for(facet, on, worst=Verdict.MET)}
