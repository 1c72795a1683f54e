"""What a visitor answered before registering, taken over so that nothing is asked twice.

The session holds answers under the codes of facts (`guest_answers`); here they become answers of the
registration's own forms, where the owner sees and may change them, and statements for what those forms have
no field for: that one certificate is not held, that the enterprise lies in a zone or outside it.
"""

from collections.abc import Mapping
from typing import Any

from enterprises import facts
from enterprises.actions import Statement

SESSION_KEY = "guest_answers"
_TYPED = (facts.REGION, facts.INDUSTRY, facts.EMPLOYEES, facts.REVENUE, facts.ASSETS, facts.FOUNDED)
_PREFIX = f"{facts.QUALIFICATION}."


def as_answers(told: Mapping[str, Any]) -> dict[str, str]:
    """Give the answers under the names of the registration's fields."""
    typed = {code: str(told[code]) for code in _TYPED if told.get(code)}
    held = {
        f"holds_{code.removeprefix(_PREFIX)}": "on" for code, value in _certificates(told).items() if value
    }
    return typed | held


def denials(told: Mapping[str, Any], stated: Mapping[str, Any]) -> list[Statement]:
    """State what the forms have no field for, unless they state otherwise: no certificate, and zones."""
    denied = {code: value for code, value in _certificates(told).items() if value is False}
    zones = {code: value for code, value in told.items() if facts.is_zone(code) and isinstance(value, bool)}
    return [Statement(code, value) for code, value in (denied | zones).items() if code not in stated]


def _certificates(told: Mapping[str, Any]) -> dict[str, Any]:
    return {code: told[code] for code in facts.VOCABULARY if code.startswith(_PREFIX) and code in told}
