"""Who may ask for an offering: its conditions, judged by what is known of an enterprise.

Only "not met" closes an offering to an enterprise; what is not known keeps nobody out.
"""

from __future__ import annotations

from collections.abc import Mapping

from core import calendar
from core.criteria import Criterion, Decision, FactValue, Verdict, decide
from enterprises import eligibility
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise
from services.catalogue.models import Offering


def criteria(offering: Offering) -> tuple[Criterion, ...]:
    """Return the conditions of an offering; none means that it is open to every enterprise."""
    return read_criteria(offering.criteria)


def judge(
    offering: Offering, enterprise: Enterprise, known: Mapping[str, FactValue] | None = None
) -> Decision:
    """Judge an enterprise today, with a reason for every condition.

    One query where the offering has conditions, none without; give `known` (from `Enterprise.facts`) to
    judge several offerings by one query.
    """
    today = calendar.today()
    if not offering.criteria:
        return decide((), {}, today)
    held = enterprise.facts.known() if known is None else known
    return eligibility.explain(criteria(offering), held, today)


def is_closed_to(
    offering: Offering, enterprise: Enterprise, known: Mapping[str, FactValue] | None = None
) -> bool:
    """Tell whether an enterprise is known not to meet a condition."""
    return judge(offering, enterprise, known).verdict is Verdict.NOT_MET
