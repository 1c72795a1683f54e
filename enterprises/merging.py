"""What happens to everything that hangs on an enterprise when it is merged into another: one registry.

A test walks `Enterprise._meta.related_objects` and fails for a relation that is not in the registry, so a new
table cannot be forgotten. The roof registers the relations of the rooms above with `register`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from core.relations import leading_to
from enterprises.models import Enterprise


class Plan(StrEnum):
    """What becomes of the rows of a relation.

    MOVE: they go over to the kept enterprise, and come back; what collides with a row of its own stays. ALL:
    the same, but nothing may stay, or there is no merge. STAY: they tell of the merged one.
    """

    MOVE = "move"
    ALL = "all"
    STAY = "stay"


_PLANS = {
    "enterprises.membership.enterprise": Plan.MOVE,
    "enterprises.invitation.enterprise": Plan.MOVE,
    "enterprises.claim.enterprise": Plan.MOVE,
    "enterprises.joinrequest.enterprise": Plan.MOVE,
    "enterprises.fact.enterprise": Plan.MOVE,
    "enterprises.licence.enterprise": Plan.MOVE,
    "enterprises.enterprisefacet.enterprise": Plan.STAY,  # drawn anew from the facts
    "enterprises.enterprise.merged_into": Plan.STAY,
    "enterprises.enterprisemerge.kept": Plan.STAY,
    "enterprises.enterprisemerge.joined": Plan.STAY,
}


@dataclass(frozen=True)
class Share:
    """How many rows of one relation would go over, and how many would stay because they collide."""

    name: str
    goes: int
    stays: int


def register(relation: str, plan: Plan) -> None:
    """Say what happens to a relation, written "label.model.field"; for rooms above."""
    _PLANS[relation] = plan


def relations() -> list[str]:
    """Return every relation that leads to an enterprise, hidden ones included, as "label.model.field"."""
    return leading_to(Enterprise)


def uncovered() -> list[str]:
    """Return the relations nobody has decided about."""
    return [name for name in relations() if name not in _PLANS]


def foresee(joined: Enterprise, kept: Enterprise) -> list[Share]:
    """Count what would go over and what would stay, relation by relation, without those that have no rows."""
    shares = []
    for name in _going():
        rows, staying = _rows(name, joined), _colliding(name, joined, kept)
        if count := rows.count():
            label = str(rows.model._meta.verbose_name_plural)
            shares.append(Share(label, count - len(staying), len(staying)))
    return shares


def hinders(joined: Enterprise, kept: Enterprise) -> list[str]:
    """Return the tables of which no row may stay, and of which one would."""
    return [
        str(_rows(name, joined).model._meta.verbose_name_plural)
        for name in _going()
        if _PLANS[name] is Plan.ALL and _colliding(name, joined, kept)
    ]


def move(joined: Enterprise, kept: Enterprise) -> dict[str, list[Any]]:
    """Take over what is to be moved; return the numbers of the rows by relation."""
    moved = {}
    for name in _going():
        rows = _rows(name, joined).exclude(pk__in=_colliding(name, joined, kept))
        moved[name] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(**{_field(name): kept})
    return moved


def move_back(moved: dict[str, list[Any]], joined: Enterprise, kept: Enterprise) -> None:
    """Give back what was taken over; what came to the kept enterprise since stays there."""
    for name, numbers in moved.items():
        _rows(name, kept).filter(pk__in=numbers).update(**{_field(name): joined})


def _going() -> list[str]:
    return [name for name in relations() if _PLANS[name] is not Plan.STAY]


def _rows(name: str, enterprise: Enterprise) -> models.QuerySet[Any]:
    label, model, field = name.split(".")
    return apps.get_model(label, model)._base_manager.filter(**{field: enterprise})


def _field(name: str) -> str:
    return name.rsplit(".", maxsplit=1)[-1]


def _colliding(name: str, joined: Enterprise, kept: Enterprise) -> list[Any]:
    """Return the rows that would break a rule of the database beside those the kept enterprise has."""
    mine, theirs, field = _rows(name, joined), _rows(name, kept), _field(name)
    found: set[Any] = set()
    for rule in mine.model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and field in rule.fields:
            others = [one for one in rule.fields if one != field]
            counted = rule.condition or models.Q()
            taken = set(theirs.filter(counted).values_list(*others))
            found |= {
                number
                for number, *values in mine.filter(counted).values_list("pk", *others)
                if tuple(values) in taken and (None not in values or rule.nulls_distinct is False)
            }
    return sorted(found)
