"""Answers of an unfinished journey, saved step by step."""

from typing import Any

from django.db import transaction

from core.models import Draft


def load(owner: Any, kind: str, key: str = "") -> dict[str, Any]:
    """Return the saved answers, or an empty dict; reads only."""
    return Draft.objects.filter(owner=owner, kind=kind, key=key).values_list("data", flat=True).first() or {}


def save(owner: Any, kind: str, answers: dict[str, Any], key: str = "") -> Draft:
    """Merge `answers` (JSON values) into the draft of this journey and return it.

    Two steps saved at the same instant, from two windows, both stay.
    """
    with transaction.atomic():
        Draft.objects.bulk_create([Draft(owner=owner, kind=kind, key=key)], ignore_conflicts=True)
        draft = Draft.objects.select_for_update().get(owner=owner, kind=kind, key=key)
        draft.data = {**draft.data, **answers}
        draft.save(update_fields=["data", "saved_at"])
    return draft


def discard(owner: Any, kind: str, key: str = "") -> None:
    """Drop the draft; a draft that is not there is fine."""
    Draft.objects.filter(owner=owner, kind=kind, key=key).delete()
