"""Benefits without application: offered to who was matched, agreed to by the owner, handed over, decided."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, calendar
from core.criteria import Verdict
from services.policies import benefit_letters, handing, inheriting, visitor
from services.policies.actions.notices import take_the_time_needed
from services.policies.lifecycle import BENEFIT, HAND_OVER
from services.policies.models import Benefit, BenefitBatch, PolicyItem

# One tick takes so many consents back that were given before an item was changed.
RENEWED_AT_ONCE = 500
# A batch holds so many at most; what is left goes into the next.
MOST_IN_BATCH = 2000


def items_to_offer(on: date) -> list[PolicyItem]:
    """Return the items some matched enterprise has not been offered yet.

    Only what is open, announced, verified, granted without application and has fields to hand over.
    """
    items = (
        PolicyItem.objects.open_on(on)
        .filter(
            delivery=PolicyItem.Delivery.NO_APPLICATION,
            announced_at__isnull=False,
            notice__to_be_verified=False,
        )
        .exclude(handed=[])
    )
    return [item for item in items.select_related("notice").order_by("pk") if _waits(item)]


@transaction.atomic
def offer(item: PolicyItem, *, on: date) -> int:
    """Offer an item to every enterprise matched to its present version, and write to it; return how many.

    One statement and one letter each. Who has dismissed the item is left out. A repeat offers nothing twice.
    """
    locked = PolicyItem.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=item.pk).first()
    if locked is None:
        return 0
    take_the_time_needed()
    with connection.cursor() as cursor:
        cursor.execute(_OFFER, [locked.pk, locked.version])
        offered, first, last = cursor.fetchone()
    if offered:
        benefit_letters.tell_offered(item, first=first, last=last)
        audit.record(item.notice, "offer", by=None, data={"item": item.pk, "offered": offered})
    return int(offered)


_WAITING = """
FROM policies_match AS found
WHERE found.item_id = %s AND found.item_version = %s
  AND NOT EXISTS (SELECT FROM policies_benefit AS benefit
    WHERE benefit.item_id = found.item_id AND benefit.enterprise_id = found.enterprise_id)
  AND NOT EXISTS (SELECT FROM policies_itemmark AS mark WHERE mark.standing = 'dismissed'
    AND mark.item_id = found.item_id AND mark.enterprise_id = found.enterprise_id)
"""
_OFFER = """
WITH made AS (
  INSERT INTO policies_benefit
    (key, item_id, item_version, enterprise_id, state, agreed, published_url, refusal)
  SELECT gen_random_uuid(), found.item_id, found.item_version, found.enterprise_id, 'offered', '[]', '', ''
  {waiting}
  ON CONFLICT DO NOTHING RETURNING id
)
SELECT count(*), min(id), max(id) FROM made
""".replace("{waiting}", _WAITING)
_ANY = "SELECT EXISTS (SELECT {waiting})".replace("{waiting}", _WAITING)


def _waits(item: PolicyItem) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ANY, [item.pk, item.version])
        return bool(cursor.fetchone()[0])


def ask_again() -> int:
    """Take back consents to items that were changed since, and ask anew; return how many."""
    numbers = list(Benefit.objects.outdated().order_by("pk").values_list("pk", flat=True)[:RENEWED_AT_ONCE])
    return sum(_renew(number) for number in numbers)


@transaction.atomic
def _renew(number: int) -> bool:
    locked = Benefit.objects.outdated().select_for_update(of=("self",), skip_locked=True)
    benefit = locked.select_related("item__notice", "enterprise").filter(pk=number).first()
    if benefit is None:
        return False
    benefit = BENEFIT.apply(
        benefit, "renew", by=None, item_version=benefit.item.version, **_without_consent()
    )
    benefit_letters.tell_offered(benefit.item, first=benefit.pk, last=benefit.pk)
    return True


@transaction.atomic
def consent(benefit: Benefit, *, seen: str, by: Any) -> Benefit:
    """Agree that exactly the list shown is handed over, and write a receipt; owners may.

    `seen` is the fingerprint of the list that was shown. Raises ValidationError when the data have changed
    since, the item has closed, or the enterprise does not meet it any more; TransitionRefused when it is too
    late.
    """
    item = benefit.item
    lines = handing.data(benefit.enterprise, item.handed)
    if seen != handing.fingerprint(lines):
        raise ValidationError(
            _("What we know of you has changed meanwhile. Look at the list again, then agree."),
            code="changed",
        )
    _check_still_fits(benefit)
    benefit = BENEFIT.apply(
        benefit,
        "consent",
        by=by,
        data={"fields": [one["code"] for one in lines], "item_version": item.version},
        agreed=lines,
        agreed_at=timezone.now(),
        agreed_by=by,
        item_version=item.version,
    )
    benefit_letters.tell_agreed(benefit)
    return benefit


def _check_still_fits(benefit: Benefit) -> None:
    today = calendar.today()
    if not PolicyItem.objects.open_on(today).filter(pk=benefit.item_id).exists():
        raise ValidationError(_("It has closed, so nothing is handed over any more."), code="closed")
    criteria = inheriting.shown_criteria(benefit.item)
    decision = visitor.of_enterprise(benefit.enterprise).decide(criteria, today)
    if decision.verdict is not Verdict.MET:
        raise ValidationError(
            _("By what is known today you do not meet every condition. Look at the notice."), code="not_met"
        )


def decline(benefit: Benefit, *, by: Any) -> Benefit:
    """Say that the benefit is not wanted; nothing is handed over. Owners may, and may agree later."""
    return BENEFIT.apply(benefit, "decline", by=by)


def revoke(benefit: Benefit, *, by: Any) -> Benefit:
    """Take the consent back; possible until the data are handed over. Owners may."""
    return BENEFIT.apply(benefit, "revoke", by=by, **_without_consent())


def _without_consent() -> dict[str, Any]:
    return {"agreed": [], "agreed_at": None, "agreed_by": None}


@transaction.atomic
def hand_over(item: PolicyItem, *, by: Any) -> BenefitBatch:
    """Hand everything agreed to for one item to the authority as one batch, and tell the enterprises.

    Takes the enterprises in the regions of `by`. Raises ValidationError when nothing waits, PermissionError
    when `by` may not.
    """
    if not by.has_perm(HAND_OVER):
        raise PermissionError
    rows = Benefit.objects.ready().in_scope_of(by).filter(item=item).select_for_update(of=("self",))
    ready = list(rows.select_related("item__notice", "enterprise").order_by("pk")[:MOST_IN_BATCH])
    if not ready:
        raise ValidationError(_("Nobody has agreed since the last batch."), code="empty")
    batch = BenefitBatch.objects.create(item=item, size=len(ready), sent_by=by)
    for benefit in ready:
        BENEFIT.apply(benefit, "send", by=by, data={"batch": batch.pk}, batch=batch)
    audit.record(batch, "hand_over", by=by, data={"item": item.pk, "size": batch.size})
    benefit_letters.tell_sent(ready, batch)
    return batch


@transaction.atomic
def grant(
    benefit: Benefit, *, settled_on: date, granted_fen: int | None = None, published_url: str = "", by: Any
) -> Benefit:
    """Enter that the authority has granted and published it, and tell the enterprise."""
    _check_day(settled_on)
    benefit = BENEFIT.apply(
        benefit,
        "grant",
        by=by,
        settled_on=settled_on,
        granted_fen=granted_fen,
        published_url=published_url,
    )
    benefit_letters.tell_settled(benefit)
    return benefit


@transaction.atomic
def refuse(benefit: Benefit, *, reason: str, by: Any) -> Benefit:
    """Enter that the authority has not granted it; the enterprise is told the reason."""
    benefit = BENEFIT.apply(
        benefit, "refuse", by=by, reason=reason, settled_on=calendar.today(), refusal=reason[:500]
    )
    benefit_letters.tell_settled(benefit)
    return benefit


@transaction.atomic
def grant_batch(batch: BenefitBatch, *, settled_on: date, published_url: str = "", by: Any) -> int:
    """Enter that the authority has granted all of a batch that is not decided yet; return how many."""
    _check_day(settled_on)
    waiting = batch.benefits.filter(state=Benefit.State.SENT).select_related("item__notice", "enterprise")
    for benefit in waiting:
        grant(benefit, settled_on=settled_on, published_url=published_url, by=by)
    return len(waiting)


def _check_day(settled_on: date) -> None:
    if settled_on > calendar.today():
        raise ValidationError({"settled_on": _("This day lies ahead.")})
