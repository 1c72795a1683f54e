"""Have published notices looked at again, so that nothing old stands as if it were of today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from core import calendar
from enterprises import facts
from enterprises.classification import regions
from services.policies import indexing, notifications
from services.policies.lifecycle import NOTICE
from services.policies.models import PolicyItem, PolicyNotice

# A text nobody has looked at for half a year may be wrong; who was asked is asked again after a month.
TRUSTED = timedelta(days=180)
PATIENCE = timedelta(days=30)


def follow_regions() -> int:
    """Compile anew the published items that ask for a region that exists no more; return how many."""
    asked = Q(pk__in=[])
    for code in regions.FORMER:
        asked |= Q(criteria__contains=[{"fact": facts.REGION, "values": [code]}])
    items = list(PolicyItem.objects.published().filter(asked).select_related("notice"))
    for item in items:
        indexing.compile_item(item, item.notice)
    return len(items)


def next_look(on: date) -> date:
    """Give the day from which a notice that was right on the day `on` is to be looked at again."""
    return on + TRUSTED


def affirm(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Say after a look at the issuer that a published notice is still right; its page shows the day."""
    today = calendar.today()
    return NOTICE.apply(notice, "affirm", by=by, confirmed_on=today, look_again_on=next_look(today))


@transaction.atomic
def ask_next_to_look(on: date) -> int | None:
    """Ask the author of one notice that is due to look at it; return the letters, None when none is due.

    Two workers take different ones. What has ended, or is still to be verified anyway, is left alone.
    """
    due = PolicyNotice.objects.to_look_at(on).select_for_update(skip_locked=True, of=("self",))
    notice = due.select_related("author").order_by("look_again_on", "pk").first()
    if notice is None:
        return None
    told = notifications.tell_to_look(notice, on)
    notice.look_again_on = on + PATIENCE
    notice.save(update_fields=["look_again_on"])
    return told
