"""Put new requests where the rules say, and see to it that every open request is on somebody's list.

Safe to run twice, late or at once: rows are found by state and claimed under lock.
"""

from typing import Any

from django.db import transaction

from core import audit, calendar
from services.requests import notifications, parties, routing, staffing, thread, triage
from services.requests.actions.row import moment
from services.requests.lifecycle import REQUEST
from services.requests.models import RoutingChoice, ServiceRequest, ServiceRequestQuerySet
from services.requests.routing import Choice

AT_ONCE = 500


def route_new() -> int:
    """Put every submitted request into its queue and tell the staff who may take it; return how many."""
    numbers = list(ServiceRequest.objects.awaiting_routing().order_by("id").values_list("pk", flat=True))
    return sum(_route(number) for number in numbers)


def cover_open() -> int:
    """Put open requests that lie in nobody's scope, or with someone who has left, on a list; return how many.

    Invariant: every open request is on somebody's list.
    """
    freed = sum(_free(number) for number in _first(parties.held_by_nobody_in_charge()))
    alone = parties.in_nobodys_scope(ServiceRequest.objects.unheld().filter(for_everyone=False))
    return freed + sum(_share(number) for number in _first(alone))


def _first(rows: ServiceRequestQuerySet) -> list[int]:
    return list(rows.order_by("id").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _route(number: int) -> bool:
    # skip_locked: two workers share the rows between them instead of waiting for each other.
    waiting = ServiceRequest.objects.awaiting_routing().select_for_update(of=("self",), skip_locked=True)
    row = waiting.filter(pk=number).first()
    if row is None:
        return False
    choice = routing.choose(row, routing.cases([row])[0], routing.table(calendar.today()))
    changes = {**triage.queue(row), "priority": triage.priority(row), "routed_at": calendar.now()}
    if choice.rule and choice.rule.to_group:
        changes["group"] = choice.rule.to_group
    _change(row, changes)
    RoutingChoice.objects.create(service_request=row, rule=choice.rule, looks=choice.stored())
    audit.record(
        row,
        "route",
        by=None,
        data={
            "group": row.group,
            "region": row.region_id or "",
            "rule": choice.rule.pk if choice.rule else None,
        },
    )
    _tell(row, choice)
    return True


def _tell(row: ServiceRequest, choice: Choice) -> None:
    """Give the request to the person the rule names, or tell the team, or everyone in charge."""
    if choice.officer:
        given = REQUEST.apply(row, "assign", by=None, data={"to": choice.officer.pk}, holder=choice.officer)
        thread.hand_to(given, choice.officer, by=None)
        notifications.tell_staff(notifications.ASSIGNED, given, [choice.officer], moment(given))
        notifications.tell_who_has_it(given, moment(given))
        return
    notifications.tell_staff(notifications.NEW, row, _audience(row, choice), "new", due=row.due_on_text)


def _audience(row: ServiceRequest, choice: Choice) -> list[Any]:
    team = list(choice.rule.team.all()) if choice.rule else []
    chosen = [one for one in team if staffing.works_here(one) and parties.is_in_scope(row, one)]
    if chosen:
        return chosen
    people = parties.may_hold(row)
    if people:
        return people
    people = list(parties.staff_with("triage"))
    if people:
        _change(row, {"for_everyone": True})
    return people


@transaction.atomic
def _free(number: int) -> bool:
    """Take a request from someone who is no longer in charge of it, and tell those who are."""
    gone = parties.held_by_nobody_in_charge().filter(pk=number)
    row = gone.select_for_update(of=("self",)).first()
    if row is None or row.holder is None:
        return False
    before = row.holder.pk
    _change(row, {"holder": None})
    thread.let_go(row)
    audit.record(row, "let_go", by=None, data={"from": before})
    people = parties.may_hold(row) or list(parties.staff_with("triage"))
    notifications.tell_staff(notifications.UNHELD, row, people, moment(row), due=row.due_on_text)
    return True


@transaction.atomic
def _share(number: int) -> bool:
    row = ServiceRequest.objects.unheld().select_for_update(of=("self",)).filter(pk=number).first()
    if row is None or row.for_everyone:
        return False
    _change(row, {"for_everyone": True})
    audit.record(row, "share", by=None)
    people = list(parties.staff_with("triage"))
    notifications.tell_staff(notifications.UNHELD, row, people, moment(row), due=row.due_on_text)
    return True


def _change(row: ServiceRequest, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=[name.removesuffix("_id") for name in changes])
