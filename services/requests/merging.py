"""What happens to everything that hangs on a request when it is joined to another: one registry of relations.

A test walks `ServiceRequest._meta.related_objects` and fails for a relation that is not in the registry, so a
new table cannot be forgotten. A room above registers its own with `register`.
"""

from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from core.relations import leading_to
from services.requests.models import ServiceRequest


class Plan(StrEnum):
    """MOVE: the rows go over to the kept request, and come back; STAY: they tell of the joined one."""

    MOVE = "move"
    STAY = "stay"


_PLANS = {
    "service_requests.message.service_request": Plan.MOVE,
    "service_requests.attachment.service_request": Plan.MOVE,
    "service_requests.follower.service_request": Plan.MOVE,
    "service_requests.servicerequest.merged_into": Plan.MOVE,
    "service_requests.servicerequest.split_from": Plan.MOVE,
    "service_requests.assignment.service_request": Plan.MOVE,
    "service_requests.escalation.service_request": Plan.STAY,
    "service_requests.effect.service_request": Plan.STAY,
    # Agreed to for the joined one as it was; the kept one has its own.
    "service_requests.sharing.service_request": Plan.STAY,
    "service_requests.routingchoice.service_request": Plan.STAY,
    "service_requests.merge.kept": Plan.STAY,
    "service_requests.merge.joined": Plan.STAY,
}
# Tasks of colleagues go over; who held the joined one tells of the joined one.
_ONLY = {"service_requests.assignment.service_request": ~models.Q(state="held")}
# What the kept request has already does not come a second time: the same by this field.
_SAME_BY = {"service_requests.follower.service_request": "user"}


def register(relation: str, plan: Plan) -> None:
    """Say what happens to a relation, written "label.model.field"; for rooms above."""
    _PLANS[relation] = plan


def relations() -> list[str]:
    """Return every relation that leads to a request, hidden ones included, as "label.model.field"."""
    return leading_to(ServiceRequest)


def uncovered() -> list[str]:
    """Return the relations nobody has decided about."""
    return [name for name in relations() if name not in _PLANS]


def move(joined: ServiceRequest, kept: ServiceRequest) -> dict[str, list[Any]]:
    """Take over what is to be moved; return the numbers of the rows by relation."""
    moved = {}
    for name in relations():
        if _PLANS[name] is Plan.MOVE:
            rows = _rows(name).filter(_ONLY.get(name, models.Q()), **{_field(name): joined})
            if same := _SAME_BY.get(name):
                rows = rows.exclude(
                    **{f"{same}__in": _rows(name).filter(**{_field(name): kept}).values(same)}
                )
            moved[name] = list(rows.order_by("pk").values_list("pk", flat=True))
            rows.update(**{_field(name): kept})
    return moved


def move_back(moved: dict[str, list[Any]], joined: ServiceRequest) -> None:
    """Give back what was taken over; what came to the kept request since stays there."""
    for name, numbers in moved.items():
        _rows(name).filter(pk__in=numbers).update(**{_field(name): joined})


def _rows(name: str) -> models.QuerySet[Any]:
    label, model, _name = name.split(".")
    return apps.get_model(label, model)._base_manager.all()


def _field(name: str) -> str:
    return name.rsplit(".", maxsplit=1)[-1]
