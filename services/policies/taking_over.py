"""What somebody answered as a guest, held against what is known of the enterprise they act for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from core.criteria import FactValue
from enterprises import facts
from enterprises import wording as fact_wording
from services.policies import visitor, wording


@dataclass(frozen=True)
class Told:
    """One answer that says something else than what is known: both in words, and whether it would count.

    `value` is the answer as a fact takes it. An answer weighs as the enterprise's own statement, so what
    staff, a document or the registry confirmed goes on counting.
    """

    code: str
    label: str
    answer: str
    known: str
    counts: bool
    value: Any


def of_request(request: HttpRequest, known: Mapping[str, FactValue]) -> list[Told]:
    """Give the answers kept in this session that differ from what is known; no query.

    A band of staff is no number, so it is not offered.
    """
    answers = visitor.kept_answers(request)
    return [
        Told(
            code,
            wording.fact_label(code),
            fact_wording.fact_in_words(code, said),
            fact_wording.fact_in_words(code, known[code]) if code in known else "",
            code not in known or known[code].source == "self",
            answers[code],
        )
        for code, said in _said(answers).items()
        if code not in known or known[code].value != said.value
    ]


def _said(answers: Mapping[str, Any]) -> Mapping[str, FactValue]:
    """Read the answers; one that cannot be read was not given."""
    exact = {code: value for code, value in answers.items() if code in facts.VOCABULARY}
    exact |= {code: value for code, value in answers.items() if facts.is_zone(code)}
    return visitor.of_answers(exact).known
