"""Correct a published notice: a draft beside it goes through review, and becomes its next version.

The public page stays as it is meanwhile. Items keep their numbers, so matches and marks stay with them.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar, wake
from services.policies import comparing, indexing, notifications, versions
from services.policies.actions import upkeep
from services.policies.actions.attachments import copy_attachments, take_over_attachments
from services.policies.actions.examples import copy_examples
from services.policies.lifecycle import NOTICE
from services.policies.models import (
    OPEN_STATES,
    ItemCriteria,
    NoticeVersion,
    PolicyItem,
    PolicyNotice,
    State,
)

ANNOUNCE = "policies.announce_published"
_NOTICE = tuple(name for name in versions.NOTICE_FIELDS if name not in {"slug", "region"})
_ITEM = versions.ITEM_FIELDS
# What matching asks for: when one of these changes, the item is matched and told anew.
_MATCHED = ("criteria", "handed", "is_open_all_year", "opens_on", "closes_on")


@transaction.atomic
def begin_correction(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Copy a published notice into a draft that corrects it; `by` becomes its author.

    Raises ValidationError while another correction is open.
    """
    NOTICE.apply(notice, "correct", by=by)
    if notice.corrections.filter(state__in=OPEN_STATES).exists():
        raise ValidationError(_("A correction of this notice is being written already."), code="open")
    draft = PolicyNotice(
        **{name: getattr(notice, name) for name in _NOTICE},
        region_id=notice.region_id,
        slug=_free_address(notice),
        corrects=notice,
        author=by,
        is_sample=notice.is_sample,
    )
    draft.save()
    for item in notice.items.all():
        copy = PolicyItem.objects.create(notice=draft, corrects=item, **_values(item))
        copy_examples(item, copy)
    copy_attachments(notice, draft, by=by)
    audit.record(draft, "create", by=by, after=draft.state, data={"corrects": notice.slug})
    return draft


@transaction.atomic
def take_over(draft: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Make an approved correction the next version of its notice; return that notice.

    Items whose conditions or window changed are matched and told anew, unless the notice is still to be
    verified. Raises ValidationError when the notice is no longer published.
    """
    notice = PolicyNotice.objects.select_for_update().get(corrections=draft)
    if notice.state != State.PUBLISHED:
        raise ValidationError(_("The notice this corrects is no longer in force."), code="gone")
    NOTICE.apply(draft, "take_over", by=by, publish_at=None)
    before = notice.versions.first()
    for name in _NOTICE:
        setattr(notice, name, getattr(draft, name))
    notice.region_id = draft.region_id
    notice.version += 1
    notice.look_again_on = upkeep.next_look(calendar.today())
    notice.save()
    _take_over_items(notice, draft)
    take_over_attachments(notice, draft)
    version = _keep(notice, draft, before, by)
    indexing.refresh(notice)
    audit.record(
        notice, "corrected", by=by, data={"version": version.number, "is_material": version.is_material}
    )
    notifications.tell_author(notifications.PUBLISHED, draft, f"{notice.slug}:v{notice.version}")
    wake.knock(ANNOUNCE)
    return notice


def _keep(notice: PolicyNotice, draft: PolicyNotice, before: NoticeVersion | None, by: Any) -> NoticeVersion:
    changed = comparing.changes(before.snapshot, versions.snapshot(notice)) if before else []
    return versions.keep(
        notice,
        by=by,
        note_zh=draft.correction_note_zh,
        note_en=draft.correction_note_en,
        is_material=any(change.is_material for change in changed),
    )


def _take_over_items(notice: PolicyNotice, draft: PolicyNotice) -> None:
    corrected = {item.corrects_id: item for item in draft.items.all()}
    for item in notice.items.all():
        found = corrected.pop(item.pk, None)
        if found is None:
            item.withdrawn_at = calendar.now()
            item.save(update_fields=["withdrawn_at"])
            ItemCriteria.objects.filter(item=item).delete()
        else:
            _correct(item, found, is_told=not notice.to_be_verified)
    for added in draft.items.filter(corrects=None):
        new = PolicyItem.objects.create(
            notice=notice, announced_at=calendar.now() if notice.to_be_verified else None, **_values(added)
        )
        copy_examples(added, new)


def _correct(item: PolicyItem, found: PolicyItem, *, is_told: bool) -> None:
    """Copy the corrected content; a changed rule is a new version of the item."""
    if any(getattr(item, name) != getattr(found, name) for name in _MATCHED):
        item.version += 1
        item.announced_at = None if is_told else item.announced_at
    for name, value in _values(found).items():
        setattr(item, name, value)
    item.save()
    item.examples.all().delete()
    copy_examples(found, item)


def _values(item: PolicyItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _ITEM}


def _free_address(notice: PolicyNotice) -> str:
    stem = f"{notice.slug[:60]}--v{notice.version + 1}"
    taken = PolicyNotice.objects.filter(slug__startswith=stem).count()
    return stem if not taken else f"{stem}-{taken + 1}"
