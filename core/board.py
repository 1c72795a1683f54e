"""What the landing page of the desk counts: a room hands in its `Work`, the roof asks who may do it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode


@dataclass(frozen=True)
class Counter:
    """A figure of the board with the list it counts; `tone` is hot, soon or ''."""

    code: str
    label: str | Promise
    number: int
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Work:
    """Rows that wait for those who hold `permission`; its tone shows while there are any."""

    permission: str
    code: str
    label: str | Promise
    rows: QuerySet[Any]
    url: str
    tone: str = ""


def counted(work: Iterable[Work], user: Any) -> list[Counter]:
    """Count what this person may do; a query each, and none for the rest."""
    return [
        Counter(one.code, one.label, number, one.url, one.tone if number else "")
        for one in work
        if user.has_perm(one.permission)
        for number in [one.rows.count()]
    ]


def listed(model: str, **filters: str) -> str:
    """Return the address of the desk's list of a model, as "policies_opinion", narrowed by its filters."""
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(filters)}"
