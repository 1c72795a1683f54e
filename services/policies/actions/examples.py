"""The test enterprises of an item: write one down, take one away."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from services.policies.models import ItemExample, PolicyItem

MOST = 30


@transaction.atomic
def add_example(
    item: PolicyItem, *, label: str, facts: dict[str, Any], expected: str, note: str = "", by: Any
) -> ItemExample:
    """Add a test enterprise to an item; raises ValidationError beyond 30. The notice may be in any state."""
    if item.examples.count() >= MOST:
        raise ValidationError(_("An item has at most %(most)s test enterprises.") % {"most": MOST})
    example = ItemExample.objects.create(item=item, label=label, facts=facts, expected=expected, note=note)
    audit.record(item.notice, "add_example", by=by, data={"item": item.pk, "example": example.pk})
    return example


def copy_examples(source: PolicyItem, target: PolicyItem) -> None:
    """Give an item the test enterprises of the one it was made from; part of a larger change."""
    ItemExample.objects.bulk_create(
        ItemExample(item=target, label=one.label, facts=one.facts, expected=one.expected, note=one.note)
        for one in source.examples.all()
    )


@transaction.atomic
def remove_example(example: ItemExample, *, by: Any) -> None:
    """Take a test enterprise away; the event keeps that there was one."""
    audit.record(
        example.item.notice,
        "remove_example",
        by=by,
        data={"item": example.item_id, "example": example.pk, "expected": example.expected},
    )
    example.delete()
