"""Decide about conversion projects: the county confirms the filing, the city accepts, finance pays.

Three people: nobody decides twice about a project, nor about an enterprise they act or have acted for.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import calendar, money
from services.cloud import vouchers
from services.cloud.actions import conversions
from services.cloud.lifecycle.conversions import CONVERSION, SCHEME
from services.cloud.models import Conversion, ConversionScheme
from services.cloud.notifications import conversions as letters


def publish(scheme: ConversionScheme, *, by: Any) -> ConversionScheme:
    """Fix the rules and take projects; another person than the author does."""
    if scheme.author_id is not None and scheme.author_id == getattr(by, "pk", None):
        raise ValidationError(_("You wrote this scheme. Another person must publish it."))
    if scheme.closes_on < calendar.today():
        raise ValidationError(_("The last day of the scheme has passed."))
    return SCHEME.apply(scheme, "publish", by=by)


def close(scheme: ConversionScheme, *, reason: str, by: Any) -> ConversionScheme:
    """Take no more projects; those under way go on."""
    return SCHEME.apply(scheme, "close", by=by, reason=reason)


@transaction.atomic
def return_filing(conversion: Conversion, *, reason: str, by: Any) -> Conversion:
    """Return a filing with what is missing; the enterprise files again."""
    row = _lock(conversion)
    _check_no_stake(row, by)
    moved = CONVERSION.apply(row, "return_filing", by=by, reason=reason, asked=reason, due_on=None)
    letters.tell_enterprise(letters.RETURNED, moved, key=letters.event_of(moved), reason=reason)
    return moved


@transaction.atomic
def confirm(conversion: Conversion, *, by: Any) -> Conversion:
    """Confirm the filing: the conversion may begin to count."""
    row = _lock(conversion)
    _check_no_stake(row, by)
    moved = CONVERSION.apply(row, "confirm", by=by, confirmed_by=by, due_on=None)
    letters.tell_enterprise(letters.CONFIRMED, moved, key="confirm")
    return moved


@transaction.atomic
def return_list(conversion: Conversion, *, reason: str, by: Any) -> Conversion:
    """Return the spending list with a question."""
    row = _lock(conversion)
    _check_no_stake(row, by)
    moved = CONVERSION.apply(row, "return_list", by=by, reason=reason, asked=reason, due_on=None)
    letters.tell_enterprise(letters.RETURNED, moved, key=letters.event_of(moved), reason=reason)
    return moved


def reward_for(conversion: Conversion, spent_fen: int) -> int:
    """Return the reward for recognised spending in fen: rate × spending rounded half up, then the cap."""
    if conversion.rate_percent is None or conversion.cap_fen is None:
        raise ValueError(f"conversion {conversion.pk} was never filed")
    return min(money.percent_of(spent_fen, conversion.rate_percent), conversion.cap_fen)


@transaction.atomic
def accept(conversion: Conversion, *, spent_fen: int, by: Any) -> Conversion:
    """Accept a project; `spent_fen` is what is recognised of the spending list and decides the reward.

    Raises ValidationError for more than the list says, for nothing, and when `by` confirmed the filing.
    """
    row = _lock(conversion)
    _check_no_stake(row, by)
    _check_other_person(by, row.confirmed_by_id)
    most = conversions.listed_fen(row)
    if not 0 < spent_fen <= most:
        raise ValidationError(
            {
                "spent_fen": _("Between 0.01 and %(most)s yuan stand on the list.")
                % {"most": money.in_yuan(most)}
            }
        )
    reward = reward_for(row, spent_fen)
    if reward <= 0:
        raise ValidationError({"spent_fen": _("By this amount nothing is to be paid.")})
    moved = CONVERSION.apply(
        row,
        "accept",
        by=by,
        data={"spent_fen": spent_fen, "reward_fen": reward},
        accepted_by=by,
        spent_fen=spent_fen,
        reward_fen=reward,
        due_on=None,
    )
    letters.tell_enterprise(letters.ACCEPTED, moved, key="accept")
    return moved


@transaction.atomic
def reject(conversion: Conversion, *, reason: str, by: Any) -> Conversion:
    """Do not accept a project; its invoices may then be put in elsewhere."""
    row = _lock(conversion)
    _check_no_stake(row, by)
    _check_other_person(by, row.confirmed_by_id)
    moved = CONVERSION.apply(row, "reject", by=by, reason=reason, asked=reason, due_on=None)
    moved.spending.update(counts=False)
    letters.tell_enterprise(letters.REJECTED, moved, key="reject", reason=reason)
    return moved


@transaction.atomic
def pay(conversion: Conversion, *, batch: str, bank_confirmed: bool, by: Any) -> Conversion:
    """Record the payment of the reward; the enterprise's bank details must have been confirmed."""
    row = _lock(conversion)
    if not bank_confirmed:
        raise ValidationError({"bank_confirmed": _("Confirm the bank details with the enterprise first.")})
    _check_no_stake(row, by)
    _check_other_person(by, row.confirmed_by_id, row.accepted_by_id)
    moved = CONVERSION.apply(
        row,
        "pay",
        by=by,
        data={"batch": batch},
        batch=batch,
        paid_by=by,
        paid_at=calendar.now(),
        due_on=None,
    )
    letters.tell_enterprise(letters.PAID, moved, key="pay", batch=batch)
    return moved


def audit(conversion: Conversion, *, finding: str, by: Any) -> Conversion:
    """Record that the project was audited; `finding` is the number of the auditor's report."""
    return CONVERSION.apply(conversion, "audit", by=by, data={"finding": finding}, finding=finding)


def _lock(conversion: Conversion) -> Conversion:
    rows = Conversion.objects.select_for_update(of=("self",)).select_related("scheme", "enterprise")
    return rows.get(pk=conversion.pk)


def _check_no_stake(conversion: Conversion, by: Any) -> None:
    if by is not None and vouchers.has_stake(by, conversion.enterprise):
        raise ValidationError(_("You act for this enterprise, or have done so. Somebody else must decide."))


def _check_other_person(by: Any, *others: int | None) -> None:
    if getattr(by, "pk", None) in others:
        raise ValidationError(_("You have decided about this project before. Another person must."))
