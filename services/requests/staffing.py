"""Who can carry work today: who is away, who stands in, who has room.

Decides nothing about a request's region and group; that is `parties`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from services.requests import parties
from services.requests.models import OPEN_STATES, Absence, Assignment, ServiceRequest, WorkloadCap

LONGEST_CHAIN = 5


@dataclass(frozen=True)
class Load:
    """What one member of staff carries: requests held and tasks in others, together within `limit`."""

    person: Any
    open: int
    limit: int | None
    away_until: date | None
    stand_in: Any
    tasks: int = 0

    @property
    def has_room(self) -> bool:
        return self.limit is None or self.open + self.tasks < self.limit


class NobodyThere(Exception):
    """The person chosen cannot take more today; `code` is away or full, `next_one` has room (or None)."""

    def __init__(self, code: str, load: Load, next_one: Load | None) -> None:
        super().__init__(code)
        self.code = code
        self.load = load
        self.next_one = next_one


def works_here(user: Any) -> bool:
    """Tell whether a person still triages."""
    return parties.staff_with("triage").filter(pk=user.pk).exists()


def absence(user: Any, on: date) -> Absence | None:
    return Absence.objects.of(user).on(on).select_related("delegate").order_by("-to_on").first()


def stand_in(user: Any, on: date) -> Any:
    """Return who does this person's work on a day: the person, the delegate's delegate, or None."""
    seen = set()
    for _step in range(LONGEST_CHAIN):
        found = absence(user, on)
        if found is None:
            return user
        seen.add(user.pk)
        user = found.delegate
        if user is None or user.pk in seen or not works_here(user):
            return None
    return None


def has_room(user: Any) -> bool:
    limit = WorkloadCap.objects.filter(user=user).values_list("limit", flat=True).first()
    if limit is None:
        return True
    held = ServiceRequest.objects.filter(holder=user, state__in=OPEN_STATES).count()
    return held + Assignment.objects.given().filter(holder=user).count() < limit


def loads(people: Iterable[Any], on: date) -> list[Load]:
    """Return what each of these people carries, in their order; four queries whatever their number."""
    people = list(people)
    numbers = [person.pk for person in people]
    held = ServiceRequest.objects.filter(holder__in=numbers, state__in=OPEN_STATES).order_by()
    counts = dict(held.values_list("holder").annotate(number=Count("pk")))
    tasks = Assignment.objects.given().filter(holder__in=numbers).order_by().values_list("holder")
    given = dict(tasks.annotate(number=Count("pk")))
    limits = dict(WorkloadCap.objects.filter(user__in=numbers).values_list("user", "limit"))
    away = {
        row.user_id: row
        for row in Absence.objects.filter(user__in=numbers)
        .on(on)
        .select_related("delegate")
        .order_by("to_on")
    }
    return [
        Load(
            person,
            counts.get(person.pk, 0),
            limits.get(person.pk),
            away[person.pk].to_on if person.pk in away else None,
            away[person.pk].delegate if person.pk in away else None,
            given.get(person.pk, 0),
        )
        for person in people
    ]


def place(service_request: ServiceRequest, to: Any, on: date, *, anyway: bool = False) -> Any:
    """Return who takes a request meant for `to` today: `to`, or who stands in.

    Raises NobodyThere when all of them are away, or when that person has no room; `anyway` overrules both.
    """
    if anyway:
        return to
    taker = stand_in(to, on)
    if taker is None or not parties.is_in_scope(service_request, taker):
        raise NobodyThere("away", loads([to], on)[0], next_with_room(service_request, on, besides=to))
    if taker.pk != service_request.holder_id and not has_room(taker):
        raise NobodyThere("full", loads([taker], on)[0], next_with_room(service_request, on, besides=taker))
    return taker


def place_task(to: Any, on: date) -> Any:
    """Return who takes a task meant for `to`: `to`, or who stands in; region and group do not matter.

    Raises NobodyThere when all of them are away, or when that person has no room.
    """
    taker = stand_in(to, on)
    if taker is None:
        raise NobodyThere("away", loads([to], on)[0], None)
    if not has_room(taker):
        raise NobodyThere("full", loads([taker], on)[0], None)
    return taker


def next_with_room(service_request: ServiceRequest, on: date, *, besides: Any = None) -> Load | None:
    """Return who of those in charge has the least open work, is there, and has room."""
    people = [one for one in parties.may_hold(service_request) if one != besides]
    free = [load for load in loads(people, on) if load.has_room and load.away_until is None]
    return min(free, key=lambda load: (load.open + load.tasks, load.person.pk), default=None)
