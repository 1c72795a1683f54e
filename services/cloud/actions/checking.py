"""Visit a random share of the vouchers in use, and look for those nobody proves the use of."""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from services.cloud import vouchers
from services.cloud.actions import signals
from services.cloud.models import Flag, SpotDraw, SpotVisit, Voucher
from services.cloud.models.vouchers import BOUGHT_STATES
from services.requests.parties import staff_with

AT_ONCE = 500


def look_for_silence(day: date | None = None) -> int:
    """Flag vouchers whose use was not proved in time; return how many are new."""
    today = day or calendar.day_of(calendar.now())
    since = date.fromordinal(today.toordinal() - signals.SILENT_DAYS)
    rows = Voucher.objects.filter(state__in=BOUGHT_STATES, contract_on__lt=since)
    quiet = rows.exclude(flags__code=Flag.Code.NOT_USED).order_by("pk")
    return sum(bool(signals.look_at(voucher)) for voucher in quiet[:AT_ONCE])


@transaction.atomic
def draw(month: str) -> SpotDraw | None:
    """Draw the vouchers to visit in a month ("2026-11") and who visits; None when it is drawn already.

    The seed and the references drawn from are kept: `drawn_from` gives the same vouchers again.
    """
    population = sorted(
        Voucher.objects.filter(state__in=BOUGHT_STATES, visits=None).values_list("reference", flat=True)
    )
    row, is_new = SpotDraw.objects.get_or_create(
        period=month, defaults={"seed": secrets.token_hex(32), "population": population}
    )
    if not is_new:
        return None
    rows = Voucher.objects.filter(reference__in=population).select_related("programme", "enterprise")
    share = max((voucher.programme.onsite_percent for voucher in rows), default=Decimal(0))
    chosen = set(drawn_from(population, row.seed, share))
    inspectors = list(staff_with("report_visit", label="cloud"))
    SpotVisit.objects.bulk_create(
        [
            SpotVisit(draw=row, voucher=voucher, inspector=_inspector(voucher, inspectors, row.seed))
            for voucher in rows
            if voucher.reference in chosen
        ]
    )
    audit.record(row, "draw", by=None, data={"of": len(population), "drawn": len(chosen), "seed": row.seed})
    return row


def drawn_from(references: list[str], seed: str, percent: Decimal) -> list[str]:
    """Draw `percent` of the references, at least one of any, by the seed alone: pure, so it can be repeated.

    Each reference is put in the order of SHA-256 over seed and reference; the first ones are drawn.
    """
    if not references or percent <= 0:
        return []
    count = max(1, math.ceil(len(references) * percent / 100))
    return sorted(references, key=lambda reference: _rank(seed, reference))[:count]


def _rank(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def _inspector(voucher: Voucher, people: list[Any], seed: str) -> Any:
    """Draw one of the inspectors who neither act for the enterprise nor decided about the voucher."""
    decided = {voucher.county_by_id, voucher.city_by_id, voucher.verified_by_id}
    free = [
        person
        for person in people
        if person.pk not in decided and not vouchers.has_stake(person, voucher.enterprise)
    ]
    return min(free, key=lambda person: _rank(seed, f"{voucher.reference}:{person.pk}"), default=None)


@transaction.atomic
def report_visit(visit: SpotVisit, *, visited_on: date, outcome: str, report: str, by: Any) -> SpotVisit:
    """Keep what a visit found, once; raise ValidationError by field."""
    _check_no_stake(visit.voucher, by)
    if visited_on > calendar.day_of(calendar.now()):
        raise ValidationError({"visited_on": _("The visit cannot lie in the future.")})
    if not report.strip():
        raise ValidationError({"report": _("Say what you found.")})
    changed = SpotVisit.objects.filter(pk=visit.pk, visited_on=None).update(
        visited_on=visited_on, outcome=outcome, report=report.strip(), reported_by=by
    )
    if not changed:
        raise ValidationError(_("This visit has been reported already."))
    audit.record(visit.voucher, "report_visit", by=by, data={"outcome": outcome})
    visit.refresh_from_db()
    return visit


def _check_no_stake(voucher: Voucher, by: Any) -> None:
    if by is not None and vouchers.has_stake(by, voucher.enterprise):
        raise ValidationError(_("You act for this enterprise, or have done so. Somebody else must decide."))
