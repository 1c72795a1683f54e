"""Note what is left of an item's budget; at zero it is closed until there is more."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from services.policies import indexing
from services.policies.models import PolicyItem, PolicyNotice, State


@transaction.atomic
def note_pool(
    notice: PolicyNotice, *, item: PolicyItem, pool_left_fen: int, pool_left_on: date, by: Any
) -> PolicyItem:
    """Say how much of the budget of an item was left on a day; nothing left closes it for matching.

    Raises ValidationError for more than the whole budget, or a notice that is not published.
    """
    locked = PolicyItem.objects.select_for_update(of=("self",)).get(pk=item.pk, notice=notice)
    if notice.state != State.PUBLISHED:
        raise ValidationError(_("This is possible for published notices only."))
    if locked.pool_fen is not None and pool_left_fen > locked.pool_fen:
        raise ValidationError({"pool_left_fen": _("This is more than the total budget.")})
    before = locked.pool_left_fen
    locked.pool_left_fen, locked.pool_left_on = pool_left_fen, pool_left_on
    locked.save(update_fields=["pool_left_fen", "pool_left_on"])
    indexing.compile_item(locked, notice)
    indexing.mark("notices")
    audit.record(
        notice, "note_pool", by=by, data={"item": locked.pk, "before": before, "after": pool_left_fen}
    )
    return locked
