"""Begin a notice, and save it while it is in its author's hands."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from core import audit
from core.lifecycle import TransitionRefused
from services.policies import addresses, versions
from services.policies.actions.examples import copy_examples
from services.policies.lifecycle import EDITABLE_STATES
from services.policies.models import PolicyItem, PolicyNotice

_ALIKE = (
    "kind", "level", "region", "title_zh", "title_en", "issuer_zh", "issuer_en", "summary_zh", "summary_en",
    "contact",
)  # fmt: skip
_OF_ITS_YEAR = frozenset({"opens_on", "closes_on"})


@transaction.atomic
def create_draft(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Begin a notice (not saved yet); `by` becomes its author. Without an address it is given one."""
    notice.author = by
    notice.state = PolicyNotice.State.DRAFT
    notice.slug = notice.slug or _free_address(notice)
    notice.save()
    audit.record(notice, "create", by=by, after=notice.state)
    return notice


@transaction.atomic
def draft_like(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Begin a notice with the words, items and test enterprises of another; `by` becomes its author.

    For the notice of the next year, or of the next district. Number, dates, official text, files and sources
    belong to the document they came from, so they stay with it.
    """
    words = {name: getattr(notice, name) for name in _ALIKE}
    draft = create_draft(PolicyNotice(**words, is_sample=notice.is_sample), by=by)
    for item in notice.items.all():
        values = {name: getattr(item, name) for name in versions.ITEM_FIELDS if name not in _OF_ITS_YEAR}
        copy_examples(item, PolicyItem.objects.create(notice=draft, **values))
    return draft


def change_draft(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Save the author's changes; raises TransitionRefused once the notice is out of the author's hands."""
    with transaction.atomic():
        now = PolicyNotice.objects.select_for_update().values_list("state", flat=True).get(pk=notice.pk)
        if now not in EDITABLE_STATES:
            raise TransitionRefused("state", "change_draft", now)
        notice.save()
    return notice


def _free_address(notice: PolicyNotice) -> str:
    """Make an address of the English title, or of the day; a number is added where it is taken."""
    stem = slugify(notice.title_en)[:60].strip("-") or f"notice-{timezone.localdate():%Y%m%d}"
    taken = set(PolicyNotice.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
    return next(slug for slug in candidates if slug not in taken and not addresses.is_a_page(slug))
