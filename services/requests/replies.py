"""Saved replies: which fit a request and a verb, and what they say with its real data.

A variable is a name in braces. Only the names below are known; a text with another one is refused when it
is saved, so that no letter ever goes out with a hole in it.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import translation

from services.requests.models import SavedReply, ServiceRequest

VARIABLES = ("reference", "subject", "contact", "enterprise", "service", "due", "officer")
# The field of a verb's form that the text goes into.
FIELDS = {"reply": "text", "ask": "text", "resolve": "outcome", "refuse": "reason"}
_VARIABLE = re.compile(r"\{([^{}\s]*)\}")


@dataclass(frozen=True)
class Filled:
    """A saved reply with the data of one request, in both languages."""

    number: int
    title: str
    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.en if language == "en" else self.zh


def unknown_variables(text: str) -> list[str]:
    """Return the names in braces that nothing fills, each once, in order."""
    return list(dict.fromkeys(name for name in _VARIABLE.findall(text) if name not in VARIABLES))


def fitting(row: ServiceRequest, verb: str, by: Any) -> list[Filled]:
    """Return the replies for a verb that fit the request's service and group, filled; one query."""
    group = row.offering.group if row.offering else row.group
    suits = Q(group="") | Q(group=group)
    found = SavedReply.objects.filter(
        suits, Q(offering=None) | Q(offering=row.offering_id), purpose=verb, is_active=True
    )
    return [filled(reply, row, by) for reply in found]


def filled(reply: SavedReply, row: ServiceRequest, by: Any) -> Filled:
    return Filled(
        reply.pk,
        reply.title,
        _fill(reply.text_zh, _values(row, by, "zh-hans")),
        _fill(reply.text_en, _values(row, by, "en")),
    )


def language_of(row: ServiceRequest) -> str:
    """Return the language the other side reads."""
    return row.requester.language if row.requester else row.language


def _values(row: ServiceRequest, by: Any, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "reference": row.reference or "",
            "subject": row.subject,
            "contact": row.contact_name,
            "enterprise": row.enterprise.name if row.enterprise else "",
            "service": row.offering.name if row.offering else "",
            "due": row.due_on_text,
            "officer": by.get_full_name(),
        }


def _fill(text: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
