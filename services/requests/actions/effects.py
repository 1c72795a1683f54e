"""Ask what came of a service after half a year, and keep what the enterprise answers."""

from typing import Any

from django.db import transaction

from core import audit, calendar
from core.lifecycle import TransitionRefused
from services.requests import effects, notifications
from services.requests.actions.row import locked_row
from services.requests.models import Effect, ServiceRequest

_AT_ONCE = 500


def ask_effects() -> int:
    """Ask about what was done half a year ago, each once; return how many. Safe late, twice, or at once."""
    numbers = list(effects.to_ask(calendar.now()).values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_ask(number) for number in numbers)


@transaction.atomic
def answer_effect(
    service_request: ServiceRequest,
    *,
    by: Any,
    obtained_fen: int | None = None,
    level: str = "",
    jobs: int | None = None,
    words: str = "",
) -> Effect:
    """Keep what came of a service; again replaces it. Raises TransitionRefused when not asked.

    Owners and editors of the enterprise may; the door has asked.
    """
    row = locked_row(service_request)
    effect = Effect.objects.filter(service_request=row).first()
    if effect is None:
        raise TransitionRefused("state", "answer_effect", row.state)
    effect.answered_at, effect.answered_by = calendar.now(), by
    effect.obtained_fen, effect.level, effect.jobs, effect.words = obtained_fen, level, jobs, words
    effect.save()
    audit.record(row, "answer_effect", by=by, data={"effect": effect.pk})
    return effect


@transaction.atomic
def _ask(number: int) -> bool:
    rows = effects.to_ask(calendar.now()).filter(pk=number)
    row = rows.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return False
    Effect.objects.create(service_request=row, asked_at=calendar.now())
    notifications.tell_of_effect(row)
    return True
