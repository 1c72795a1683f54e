"""Letters about a notice that was corrected, superseded or repealed, to those for whom it changes something.

Told are enterprises that met an item and now do not, or whose last day moved, with old and new and the
conditions that fail; and whoever saved or applied for it, of any change that matters. One statement an item.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.urls import reverse

from core.criteria import CriteriaError, Criterion
from enterprises import eligibility
from enterprises.criteria import gates, read_criteria
from notifications import outbox
from services.policies import comparing, notifications, wording
from services.policies.comparing import Change
from services.policies.models import NoticeVersion, PolicyNotice

Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class Alteration:
    """What became of one item (None: of a notice without items) and what the letter says of it.

    `met_version` is the item version that was met before; `gates` are the conditions that hold now. With
    `moves_day` everybody who met it is told, otherwise those who no longer do.
    """

    item_id: int | None
    met_version: int
    context: dict[str, Any]
    moves_day: bool
    gates: list[Criterion] = field(default_factory=list)


def tell_corrected(notice: PolicyNotice, version: NoticeVersion, on: date) -> int:
    """Tell of a version what it changed against the one before; return the new letters."""
    before = NoticeVersion.objects.filter(notice=notice, number=version.number - 1).first()
    if before is None or not version.is_material:
        return 0
    key = f"n{notice.pk}v{version.number}"
    found = _alterations(before.snapshot, version.snapshot)
    return sum(_post(notice, alteration, key, on) for alteration in found)


def tell_ended(notice: PolicyNotice, event: str, on: date) -> int:
    """Tell that a notice was superseded or repealed: nothing can be claimed any more; return new letters."""
    successor = notice.superseded_by
    ended = {
        "event": event,
        "successor_zh": successor.title_zh if successor else "",
        "successor_en": (successor.title_en or successor.title_zh) if successor else "",
    }
    items = [item for item in notice.items.all() if item.withdrawn_at is None]
    open_items = [item for item in items if item.closes_on is None or item.closes_on >= on]
    found: list[Alteration] = [
        Alteration(item.pk, item.version, {**_titles(vars(item)), **ended}, moves_day=True)
        for item in open_items
    ]
    if not notice.items.all():
        found = [Alteration(None, 0, {**_titles(vars(notice)), **ended}, moves_day=True)]
    return sum(_post(notice, one, f"n{notice.pk}{event}", on) for one in found)


def _alterations(old: Snapshot, new: Snapshot) -> Iterable[Alteration]:
    """Compare item by item; what changed for the notice as a whole changed for each of them."""
    changes = [change for change in comparing.changes(old, new) if change.is_material]
    after = {item.get("item"): item for item in new.get("items", [])}
    for was in old.get("items", []):
        now = after.get(was.get("item"))
        days = [_last_day(old, was), _last_day(new, now) if now else None]
        title = was.get("title_zh", "")
        concerning = [change for change in changes if change.item in ("", title, (now or {}).get("title_zh"))]
        if not concerning:
            continue
        context = {
            **_titles(now or was),
            **_words(concerning),
            "event": "corrected" if now else "withdrawn",
            "old_day": days[0] or "",
            "new_day": days[1] or "",
        }
        moves_day = now is None or days[0] != days[1]
        yield Alteration(was.get("item"), was.get("version", 1), context, moves_day, _gates(now))
    if not old.get("items"):
        yield Alteration(None, 0, {**_titles(new), **_words(changes), "event": "corrected"}, False)


def _gates(item: Snapshot | None) -> list[Criterion]:
    try:
        return gates(read_criteria(item.get("criteria", []))) if item else []
    except CriteriaError:
        return []


def _last_day(notice: Snapshot, item: Snapshot) -> str | None:
    return min(filter(None, (item.get("closes_on"), notice.get("effective_to"))), default=None)


def _titles(row: Mapping[str, Any]) -> dict[str, str]:
    return {"title_zh": row["title_zh"], "title_en": row["title_en"] or row["title_zh"]}


def _words(changes: list[Change]) -> dict[str, Any]:
    return notifications.in_both("changes", lambda: [change.words for change in changes])


# --- writing ---------------------------------------------------------------------------


def _post(notice: PolicyNotice, one: Alteration, key: str, on: date) -> int:
    failing, values = _failing(one.gates, on)
    said = notifications.in_both("gates", lambda: [wording.requirement(gate) for gate in one.gates])
    rows = _CHANGED.format(failing=failing)
    params = [
        one.item_id,
        one.met_version,
        not notice.to_be_verified,
        notice.pk,
        one.item_id,
        *values,
        notice.pk,
        one.item_id,
        f"{key}i{one.item_id or 0}e",
        notice.slug,
        reverse("policies:detail", args=[notice.slug]),
        json.dumps(one.context, ensure_ascii=False),
        json.dumps(said["gates_zh"], ensure_ascii=False),
        json.dumps(said["gates_en"], ensure_ascii=False),
        list(notifications.WRITERS),
        one.moves_day,
    ]
    return outbox.post_select(notifications.CHANGED, rows, params)


def _failing(deciding: list[Criterion], on: date) -> tuple[str, list[Any]]:
    """Give SQL for the places of the gates an enterprise does not surely meet, NULL for those it meets."""
    parts, values = [], []
    for place, gate in enumerate(deciding):
        try:
            sql, more = eligibility.select([gate], on).values_list("pk").query.sql_with_params()
        except EmptyResultSet:
            parts.append("%s")
            values.append(place)
        else:
            parts.append(f"CASE WHEN concerned.enterprise_id IN ({sql}) THEN NULL ELSE %s END")
            values += [*more, place]
    return ", ".join(parts), values


_CHANGED = """
WITH concerned AS (
  SELECT enterprise_id, bool_or(was_met) AS was_met, bool_or(follows) AS follows FROM (
    SELECT enterprise_id, true AS was_met, false AS follows FROM policies_match
    WHERE item_id = %s AND item_version = %s AND %s
    UNION ALL
    SELECT enterprise_id, false, true FROM policies_itemmark
    WHERE notice_id = %s AND (item_id IS NOT DISTINCT FROM %s OR item_id IS NULL)
      AND standing IN ('saved', 'applied')
  ) AS either GROUP BY enterprise_id
), judged AS (
  SELECT concerned.*, array_remove(ARRAY[{failing}]::int[], NULL) AS failed FROM concerned
  WHERE NOT EXISTS (
    SELECT FROM policies_itemmark AS mark WHERE mark.enterprise_id = concerned.enterprise_id
      AND mark.notice_id = %s AND mark.item_id = %s AND mark.standing = 'dismissed')
)
SELECT %s || judged.enterprise_id AS key, reader.id AS recipient_id, judged.enterprise_id, reader.language,
  %s AS subject_code, %s AS url, %s::jsonb || jsonb_build_object('enterprise', enterprise.name,
    'was_met', judged.was_met, 'is_met', cardinality(judged.failed) = 0,
    'because_zh', (SELECT jsonb_agg(%s::jsonb -> place) FROM unnest(judged.failed) AS place),
    'because_en', (SELECT jsonb_agg(%s::jsonb -> place) FROM unnest(judged.failed) AS place)) AS context
FROM judged
JOIN enterprises_enterprise AS enterprise ON enterprise.id = judged.enterprise_id
JOIN enterprises_membership AS membership
  ON membership.enterprise_id = judged.enterprise_id AND membership.ended_at IS NULL
JOIN accounts_user AS reader ON reader.id = membership.user_id AND reader.is_active
WHERE membership.role = ANY(%s)
  AND (judged.follows OR judged.was_met AND (%s OR cardinality(judged.failed) > 0))
"""
