"""The size class is said with its reason, or with what is missing."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from enterprises import facts, size_words

ON = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("stated", "size", "reason", "needs"),
    [
        (
            {"industry": "34", "employees": 20, "revenue_wan": 300},
            "small",
            "In “Industry (mining, manufacturing, utilities)” this class begins at: Employees 20 people,"
            " Annual revenue CNY 3 million.",
            (),
        ),
        (
            {"industry": "34", "employees": 19, "revenue_wan": 300},
            "micro",
            "In “Industry (mining, manufacturing, utilities)” a small enterprise has at least: Employees"
            " 20 people, Annual revenue CNY 3 million. One figure lies below that.",
            (),
        ),
        (
            {"industry": "34", "revenue_wan": 10},
            "unknown",
            "Cannot tell yet: needs Employees.",
            ("employees",),
        ),
        (
            {"industry": "70", "employees": 5},
            "unknown",
            "Cannot tell yet: the industry must be known more exactly.",
            ("industry",),
        ),
        (
            {"industry": "66"},
            "not_applicable",
            "The classification of small and medium-sized enterprises leaves this industry out.",
            (),
        ),
        ({}, "unknown", "Cannot tell yet: needs Industry.", ("industry",)),
    ],
)
def test_size_is_said_with_its_reason(
    stated: dict[str, Any], size: str, reason: str, needs: tuple[str, ...]
) -> None:
    known = {code: facts.read(code, value) for code, value in stated.items()}

    with translation.override("en"):
        said = size_words.in_words(known, ON)

    assert (said.size, said.reason, said.needs) == (size, reason, needs)
