"""What letters say of notices and items, in both languages; each reader gets theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation

from enterprises.criteria import gates, read_criteria
from enterprises.models import Enterprise
from services.policies import wording
from services.policies.models import PolicyItem, PolicyNotice

# A letter after a change of facts names so many items; the page behind its link shows all.
LISTED = 10


def titles(notice: PolicyNotice) -> dict[str, Any]:
    """Give the title of a notice; the Chinese one stands for the English where there is none."""
    return {"title_zh": notice.title_zh, "title_en": notice.title_en or notice.title_zh}


def item_context(item: PolicyItem) -> dict[str, Any]:
    """Give what the texts say of an item, in both languages; readers get theirs."""
    return {
        "title_zh": item.title_zh,
        "title_en": item.title_en or item.title_zh,
        "issuer_zh": item.notice.issuer_zh,
        "issuer_en": item.notice.issuer_en or item.notice.issuer_zh,
        "closes_on": item.closes_on.isoformat() if item.closes_on else "",
        **in_both("benefit", lambda: wording.benefit(item)),
    }


def reasons(item: PolicyItem) -> dict[str, Any]:
    """Give the conditions that decide about an item, as sentences."""
    deciding = gates(read_criteria(item.criteria))
    return in_both("reasons", lambda: [wording.requirement(gate) for gate in deciding])


def several(enterprise: Enterprise, items: list[PolicyItem]) -> dict[str, Any]:
    """Give what the texts say of several items that fit an enterprise."""
    return {
        "enterprise": enterprise.name,
        "count": len(items),
        "more": max(0, len(items) - LISTED),
        "items": [item_context(item) for item in items[:LISTED]],
    }


def in_both(name: str, say: Callable[[], Any]) -> dict[str, Any]:
    """Give what `say` says in each language, under the name with its suffix."""
    found = {}
    for language, suffix in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            found[f"{name}_{suffix}"] = say()
    return found
