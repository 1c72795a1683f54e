"""Run a programme: its rules while it is a draft, its budget, its beginning and end."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar, money, wake
from enterprises.models import Region
from services.cloud import ledger
from services.cloud.lifecycle.programmes import PROGRAMME
from services.cloud.models import Fund, Programme, ProgrammeState, Voucher
from services.cloud.models.vouchers import ACTIVE_STATES

TEND = "cloud.tend_programmes"


def publish(programme: Programme, *, by: Any) -> Programme:
    """Fix the rules and announce the programme; it opens by itself on its first day.

    Raises ValidationError for a programme without budget or past its last day, and when `by` wrote it:
    rules and money are decided by two people.
    """
    if programme.author_id is not None and programme.author_id == getattr(by, "pk", None):
        raise ValidationError(_("You wrote this programme. Another person must publish it."))
    if not programme.funds.filter(budget_fen__gt=0).exists():
        raise ValidationError(_("The programme has no budget yet. Grant it one first."))
    if programme.closes_on < calendar.day_of(calendar.now()):
        raise ValidationError(_("The last day of the programme has passed."))
    with transaction.atomic():
        published = PROGRAMME.apply(programme, "publish", by=by)
        wake.knock(TEND)
    return published


def suspend(programme: Programme, *, reason: str, by: Any) -> Programme:
    """Take no more applications for now; what was submitted goes on."""
    return PROGRAMME.apply(programme, "suspend", by=by, reason=reason)


def resume(programme: Programme, *, by: Any) -> Programme:
    return PROGRAMME.apply(programme, "resume", by=by)


def close(programme: Programme, *, reason: str, by: Any) -> Programme:
    """Take no more applications for good; what was submitted goes on."""
    return PROGRAMME.apply(programme, "close", by=by, reason=reason)


def settle(programme: Programme, *, by: Any) -> Programme:
    """Say that all is paid; raise ValidationError while a voucher is still under way."""
    open_ones = programme.vouchers.filter(state__in=[*ACTIVE_STATES, Voucher.State.CLAWBACK_DUE]).count()
    if open_ones:
        raise ValidationError(
            _("%(count)s vouchers of this programme are still under way.") % {"count": open_ones}
        )
    return PROGRAMME.apply(programme, "settle", by=by)


def archive(programme: Programme, *, by: Any) -> Programme:
    return PROGRAMME.apply(programme, "archive", by=by)


@transaction.atomic
def grant(programme: Programme, *, region: Region, amount_fen: int, reason: str, by: Any) -> Fund:
    """Add to the budget of a programme in a region; staff with `cloud.run_programme` may.

    Raises ValidationError for a programme that is over. Who waits for budget is served by the next tick.
    """
    _check_may_move(programme, by)
    fund, _made = Fund.objects.get_or_create(programme=programme, region=region)
    ledger.grant(fund, amount_fen, by=by, reason=reason)
    audit.record(
        programme,
        "grant",
        by=by,
        data={"region": region.pk, "fen": amount_fen},
        detail={"reason": reason},
    )
    wake.knock(TEND)
    return fund


@transaction.atomic
def retract(programme: Programme, *, region: Region, amount_fen: int, reason: str, by: Any) -> Fund:
    """Take back of a budget what nobody has reserved; raise ValidationError with the figures otherwise."""
    _check_may_move(programme, by)
    fund = Fund.objects.filter(programme=programme, region=region).first()
    if fund is None:
        raise ValidationError({"region": _("This region has no budget in this programme.")})
    try:
        ledger.retract(fund, amount_fen, by=by, reason=reason)
    except ledger.BudgetExhausted as refused:
        raise ValidationError({"amount_fen": exhausted_words(refused.fund)}) from refused
    audit.record(
        programme,
        "retract",
        by=by,
        data={"region": region.pk, "fen": amount_fen},
        detail={"reason": reason},
    )
    return fund


def exhausted_words(fund: Fund) -> str:
    """Say that a budget is used up, with its figures."""
    return _("The budget is used up: of %(budget)s yuan, %(available)s yuan are available.") % {
        "budget": money.in_yuan(fund.budget_fen),
        "available": money.in_yuan(fund.available_fen),
    }


def _check_may_move(programme: Programme, by: Any) -> None:
    if by is not None and not by.has_perm("cloud.run_programme"):
        raise ValidationError(_("Your role may not do this."))
    if programme.state in {ProgrammeState.SETTLED, ProgrammeState.ARCHIVED}:
        raise ValidationError(_("This programme is over; its budget can no longer be changed."))
