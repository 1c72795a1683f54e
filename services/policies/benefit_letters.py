"""Letters about benefits without application: the offer, the receipt, what was handed over and decided."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from core import money
from enterprises.models import Membership
from notifications import outbox
from notifications.kinds import Kind
from notifications.outbox import Letter
from services.policies import handing, notifications
from services.policies.models import Benefit, BenefitBatch, PolicyItem

_READERS = """
SELECT 'b' || benefit.id || 'v' || benefit.item_version AS key, reader.id AS recipient_id,
  benefit.enterprise_id, reader.language, benefit.key::text AS subject_code,
  %s || benefit.key || '/' AS url,
  %s::jsonb || jsonb_build_object('enterprise', enterprise.name) AS context
FROM policies_benefit AS benefit
JOIN enterprises_enterprise AS enterprise ON enterprise.id = benefit.enterprise_id
JOIN enterprises_membership AS membership
  ON membership.enterprise_id = benefit.enterprise_id AND membership.ended_at IS NULL
JOIN accounts_user AS reader ON reader.id = membership.user_id AND reader.is_active
WHERE benefit.item_id = %s AND benefit.state = 'offered' AND membership.role = ANY(%s)
  AND benefit.id BETWEEN %s AND %s
"""


def tell_offered(item: PolicyItem, *, first: int, last: int) -> int:
    """Tell owners and editors of the enterprises that are offered an item; each offer once.

    `first` and `last` are numbers of benefits: those just made, or one that is offered again.
    """
    context = {
        **notifications.item_context(item),
        **notifications.in_both(
            "fields", lambda: [handing.label(one) for one in handing.fields(item.handed)]
        ),
    }
    values = [
        reverse("policies:benefits"),
        json.dumps(context, ensure_ascii=False),
        item.pk,
        list(notifications.WRITERS),
        first,
        last,
    ]
    return outbox.post_select(notifications.BENEFIT_OFFERED, _READERS, values)


def tell_agreed(benefit: Benefit) -> int:
    """Send the receipt to every owner: what was agreed to, when, and how to take it back."""
    return _tell(
        notifications.BENEFIT_AGREED,
        [benefit],
        f"a{benefit.agreed_at:%Y%m%d%H%M%S}" if benefit.agreed_at else "a",
        roles=(Membership.Role.OWNER,),
    )


def tell_sent(benefits: Iterable[Benefit], batch: BenefitBatch) -> int:
    return _tell(notifications.BENEFIT_SENT, benefits, f"s{batch.pk}", roles=notifications.WRITERS)


def tell_settled(benefit: Benefit) -> int:
    return _tell(notifications.BENEFIT_SETTLED, [benefit], "d", roles=notifications.WRITERS)


def _tell(kind: Kind, benefits: Iterable[Benefit], step: str, *, roles: Iterable[str]) -> int:
    told = {benefit.enterprise_id: benefit for benefit in benefits}
    readers = (
        Membership.objects.current()
        .filter(enterprise__in=list(told), role__in=list(roles), user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return outbox.post_many(
        kind,
        [
            Letter(
                key=f"b{told[one.enterprise_id].pk}:{step}",
                recipient=one.user,
                subject_code=str(told[one.enterprise_id].key),
                enterprise_id=one.enterprise_id,
                url=reverse("policies:benefit", args=[told[one.enterprise_id].key]),
                context=_context(told[one.enterprise_id]),
            )
            for one in readers
        ],
    )


def _context(benefit: Benefit) -> dict[str, Any]:
    """Give what the texts say; of the data handed over only the names, their values stand on the page."""
    return {
        **notifications.item_context(benefit.item),
        "enterprise": benefit.enterprise.name,
        "receipt": str(benefit.key),
        "fields_zh": [one["label_zh"] for one in benefit.agreed],
        "fields_en": [one["label_en"] for one in benefit.agreed],
        "is_granted": benefit.state == Benefit.State.GRANTED,
        "amount": "" if benefit.granted_fen is None else money.in_yuan(benefit.granted_fen),
        "published_url": benefit.published_url,
        "reason": benefit.refusal,
    }
