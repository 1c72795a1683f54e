"""What a person chooses about the policies that fit: how often to hear of each topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from services.policies.models import AlertChoice


@transaction.atomic
def choose_topics(user: Any, *, choices: Mapping[str, str]) -> None:
    """Store how often this person hears of each topic (a kind of item); "at once" needs no row."""
    rows = [
        AlertChoice(user=user, topic=topic, frequency=frequency)
        for topic, frequency in choices.items()
        if frequency != AlertChoice.Frequency.INSTANT
    ]
    AlertChoice.objects.filter(user=user, topic__in=list(choices)).exclude(
        topic__in=[row.topic for row in rows]
    ).delete()
    AlertChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "topic"], update_fields=["frequency"]
    )
