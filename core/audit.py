"""What happened: one append-only Event for every change, written in the change's own transaction."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from core.models import Event, EventDetail


def record(
    subject: models.Model,
    verb: str,
    *,
    by: Any,
    before: str = "",
    after: str = "",
    data: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    role: str = "",
) -> Event:
    """Write one event about `subject` and return it; call inside the transaction of the change.

    `by` is the acting user, or None for the system itself. `data` holds codes and numbers only;
    whatever names or describes a person (a reason in words, a network address) goes to `detail`.
    Dates, decimals and UUIDs are stored as text.
    """
    plain = _plain(detail) if detail else {}
    # No savepoint: a change whose event is refused must not stand either.
    with transaction.atomic(savepoint=False):
        event = Event.objects.create(
            actor_id=getattr(by, "pk", None),
            actor_role=role or _role_of(by),
            verb=verb,
            subject_type=subject._meta.label_lower,
            subject_id=number_of(subject),
            before=before,
            after=after,
            data=_plain(data or {}),
            detail_hash=detail_hash(plain) if plain else "",
        )
        if plain:
            EventDetail.objects.create(event=event, data=plain)
    return event


def detail_hash(detail: dict[str, Any]) -> str:
    """Return the hash an event keeps of its detail; it can be computed again from the stored row."""
    return hashlib.sha256(json.dumps(detail, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def history(subject: models.Model) -> models.QuerySet[Event]:
    """Return the events of one subject, newest first, with their details."""
    return Event.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=number_of(subject)
    ).select_related("detail")


def named(kind: type[models.Model], verb: str) -> models.QuerySet[Event]:
    """Return the events of one verb about any row of a kind, newest first."""
    return Event.objects.filter(subject_type=kind._meta.label_lower, verb=verb)


def number_of(subject: models.Model) -> int:
    """Return the number an event knows its subject by: its key, of a day yyyymmdd, of a code its digits."""
    return int("".join(filter(str.isdigit, str(subject.pk))) or 0)


def detail_of(event: Event) -> dict[str, Any]:
    """Return the personal part of an event; empty when it never had one or it was erased."""
    try:
        return event.detail.data
    except ObjectDoesNotExist:
        return {}


def forget_details(person: models.Model) -> int:
    """Erase what the events about a person say in words; return how many. The events stay."""
    about = Event.objects.filter(subject_type=person._meta.label_lower, subject_id=number_of(person))
    return EventDetail.objects.filter(event__in=about).delete()[0]


def actor_names(events: Iterable[Event], *, known: Iterable[Any] = ()) -> dict[int, str]:
    """Name who acted, per event number; the system and removed people have their own word.

    One query, or none when all who acted are among the `known` people at hand.
    """
    events = list(events)
    found = people((event.actor_id for event in events), known=known)
    return {event.pk: _name_of(event, found) for event in events}


def people(numbers: Iterable[int | None], *, known: Iterable[Any] = ()) -> dict[int, Any]:
    """Return the people with these numbers, and the `known` ones at hand (None among either is left out).

    One query, or none when all are at hand.
    """
    found = {person.pk: person for person in known if person is not None}
    others = {number for number in numbers if number} - found.keys()
    return found | (get_user_model()._default_manager.in_bulk(others) if others else {})


def actor_name(event: Event) -> str:
    """Name who acted in one event."""
    return actor_names([event])[event.pk]


def _name_of(event: Event, people: dict[Any, Any]) -> str:
    if event.actor_id is None:
        return _("the system")
    return str(people.get(event.actor_id) or _("a removed account"))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Give what the database will hold, so that the hash of it can be checked later."""
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain


def _role_of(by: Any) -> str:
    if by is None:
        return "system"
    return "staff" if getattr(by, "is_staff", False) else "user"
