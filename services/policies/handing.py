"""Which data of an enterprise an authority may be handed for a benefit, and what they are at present.

The publisher chooses the fields of an item; the owner sees exactly these with their values before agreeing,
and exactly what was seen is what is handed over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from enterprises import facts
from enterprises import wording as fact_wording
from enterprises.models import Enterprise
from services.policies import wording

# Who the enterprise is, and whom the authority may call; everything else is a fact.
IDENTITY: Mapping[str, str | Promise] = {
    "name": _("Name of the enterprise"),
    "uscc": _("Unified social credit code"),
    "contact_name": _("contact person"),
    "contact_phone": _("contact phone"),
}
# These two are always handed over: without them the authority cannot tell whom it grants.
ALWAYS = ("name", "uscc")
_LANGUAGES = (("zh", "zh-hans"), ("en", "en"))


@dataclass(frozen=True)
class Handed:
    """One field as a page shows it: its name, its value ('' when it is not known), where it comes from."""

    label: str
    value: str
    origin: str = ""


def choices() -> list[tuple[str, str]]:
    """Give the fields a publisher can choose, beside those that are always handed over."""
    return [(code, label(code)) for code in (*IDENTITY, *facts.VOCABULARY) if code not in ALWAYS]


def label(code: str) -> str:
    """Name a field in the present language; an unknown code is shown as it is."""
    if code in IDENTITY:
        return capfirst(str(IDENTITY[code]))
    return wording.fact_label(code) if code in facts.VOCABULARY else code


def fields(chosen: Iterable[str]) -> list[str]:
    """Give the codes handed over, in the order of the vocabulary; what is not known any more is left out."""
    wanted = {*ALWAYS, *chosen}
    return [code for code in (*IDENTITY, *facts.VOCABULARY) if code in wanted]


def data(enterprise: Enterprise, chosen: Iterable[str]) -> list[dict[str, Any]]:
    """Give what would be handed over now, as it is stored: each field in both languages; one query."""
    known = facts.from_rows(enterprise.facts.current())
    return [_line(code, enterprise, known) for code in fields(chosen)]


def fingerprint(lines: list[dict[str, Any]]) -> str:
    """Give a short mark of a list, so that what is agreed to is what was shown."""
    plain = json.dumps(lines, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def shown(lines: Iterable[Mapping[str, Any]]) -> list[Handed]:
    """Make a stored list ready for a page in the present language."""
    suffix = "en" if translation.get_language() == "en" else "zh"
    return [
        Handed(
            one[f"label_{suffix}"],
            one[f"value_{suffix}"],
            one.get(f"origin_{suffix}", ""),
        )
        for one in lines
    ]


def _line(code: str, enterprise: Enterprise, known: Mapping[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"code": code}
    for suffix, language in _LANGUAGES:
        with translation.override(language):
            line[f"label_{suffix}"] = label(code)
            if code in IDENTITY:
                line[f"value_{suffix}"], line[f"origin_{suffix}"] = str(getattr(enterprise, code)), ""
                continue
            fact = known.get(code)
            line[f"value_{suffix}"] = fact_wording.fact_in_words(code, fact) if fact else ""
            line[f"origin_{suffix}"] = wording.fact_origin(fact) if fact else ""
    return line
