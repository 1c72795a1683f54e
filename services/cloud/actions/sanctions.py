"""Sanction a provider, and answer its appeal: by another person, within the promised days."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from services.cloud import clocks
from services.cloud.lifecycle.listings import APPEAL, LISTING
from services.cloud.models import Listing, ListingState, Sanction
from services.cloud.notifications import market

Kind = Sanction.Kind


def warn(listing: Listing, *, reason_zh: str, by: Any, reason_en: str = "") -> Sanction:
    """Warn a provider publicly; it stays listed."""
    return _impose(listing, Kind.WARNING, reason_zh=reason_zh, reason_en=reason_en, by=by)


@transaction.atomic
def suspend(listing: Listing, *, reason_zh: str, by: Any, reason_en: str = "") -> Sanction:
    """Take the provider's products out of sale until it is listed again; running contracts go on."""
    row = LISTING.apply(listing, "suspend", by=by)
    return _impose(row, Kind.SUSPENSION, reason_zh=reason_zh, reason_en=reason_en, by=by)


@transaction.atomic
def remove(listing: Listing, *, reason_zh: str, by: Any, reason_en: str = "") -> Sanction:
    """Take a provider off the list for good; its page stays and says why."""
    row = LISTING.apply(listing, "remove", by=by)
    row.sanctions.filter(kind=Kind.SUSPENSION, ended_on=None).update(ended_on=calendar.today())
    return _impose(row, Kind.REMOVAL, reason_zh=reason_zh, reason_en=reason_en, by=by)


@transaction.atomic
def appeal(sanction: Sanction, text: str, *, by: Any) -> Sanction:
    """Say why a sanction is wrong, within the days for it; only whoever speaks for the provider, once."""
    now = calendar.now()
    today = calendar.day_of(now)
    if sanction.appeal_until and today > sanction.appeal_until:
        raise ValidationError(_("The last day to appeal was %(day)s.") % {"day": sanction.appeal_until})
    due = calendar.add_working_days(today, clocks.ANSWER_DAYS)
    row = APPEAL.apply(sanction, "appeal", by=by, appeal_text=text, appealed_at=now, appeal_due_on=due.day)
    market.tell_appeal(row)
    return row


@transaction.atomic
def uphold(sanction: Sanction, *, answer: str, by: Any) -> Sanction:
    """Let a sanction stay, with an answer the provider reads."""
    return _answer(sanction, "uphold", answer=answer, by=by)


@transaction.atomic
def lift(sanction: Sanction, *, answer: str, by: Any) -> Sanction:
    """Lift a sanction: a suspended provider is listed again, a removed one is checked anew."""
    row = _answer(sanction, "lift", answer=answer, by=by)
    Sanction.objects.filter(pk=row.pk, ended_on=None).update(ended_on=calendar.today())
    listing = row.listing
    if row.kind == Kind.SUSPENSION and listing.state == ListingState.SUSPENDED:
        LISTING.apply(listing, "lift_suspension", by=by)
    if row.kind == Kind.REMOVAL and listing.state == ListingState.REMOVED:
        # The approver of the first time may be the checker of the second, and the other way round.
        LISTING.apply(listing, "restore", by=by, checked_by=None, listed_by=None)
    return row


def _answer(sanction: Sanction, verb: str, *, answer: str, by: Any) -> Sanction:
    if sanction.imposed_by_id == by.pk:
        raise ValidationError(_("You have imposed this sanction; somebody else answers the appeal."))
    row = APPEAL.apply(sanction, verb, by=by, answer=answer, answered_by=by)
    market.tell_appeal_answer(row)
    return row


@transaction.atomic
def _impose(listing: Listing, kind: str, *, reason_zh: str, reason_en: str, by: Any) -> Sanction:
    today = calendar.today()
    sanction = Sanction.objects.create(
        listing=listing,
        kind=kind,
        reason_zh=reason_zh,
        reason_en=reason_en,
        imposed_on=today,
        imposed_by=by,
        appeal_until=calendar.add_working_days(today, clocks.APPEAL_DAYS).day,
    )
    audit.record(sanction, "impose", by=by, after=kind)
    market.tell_sanction(sanction)
    return sanction
