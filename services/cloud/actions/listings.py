"""Take providers into the cloud catalogue: application, check, listing, tier, yearly re-check."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit, calendar
from services.catalogue.models import Provider
from services.cloud import clocks
from services.cloud.lifecycle.listings import LISTING
from services.cloud.models import Listing, ListingCheck, ListingState, TierAward
from services.cloud.notifications import market

CHECKABLE = frozenset({ListingState.CHECKING, ListingState.LISTED, ListingState.SUSPENDED})


@dataclass(frozen=True)
class Application:
    """What a provider says of itself."""

    name_zh: str
    kind: str
    credit_code: str
    about_zh: str
    name_en: str = ""
    about_en: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


class AppliedBefore(Exception):
    """This account speaks for a provider already."""


@transaction.atomic
def apply(application: Application, *, by: Any) -> Listing:
    """Take an application and tell the checkers; anyone signed in may, for one provider."""
    if Listing.objects.represented_by(by).select_for_update().exists():
        raise AppliedBefore
    provider = Provider.objects.create(
        slug=_slug(application.name_en),
        kind=application.kind,
        name_zh=application.name_zh,
        name_en=application.name_en,
        contact_email=application.email,
    )
    listing = Listing.objects.create(provider=provider, representative=by, **_own_fields(application))
    event = audit.record(listing, "apply", by=by, after=listing.state)
    market.tell_checkers(listing, key=str(event.pk))
    return listing


@transaction.atomic
def apply_again(listing: Listing, application: Application, *, by: Any) -> Listing:
    """Hand in a declined application again, put right; only whoever speaks for the provider."""
    row = LISTING.apply(listing, "apply_again", by=by, **_own_fields(application))
    provider = row.provider
    provider.name_zh, provider.name_en = application.name_zh, application.name_en
    provider.kind, provider.contact_email = application.kind, application.email
    provider.save(update_fields=["name_zh", "name_en", "kind", "contact_email"])
    market.tell_checkers(row, key=f"again {audit.history(row)[0].pk}")
    return row


def take_up(listing: Listing, *, by: Any) -> Listing:
    """Begin the check."""
    return LISTING.apply(listing, "take_up", by=by)


@transaction.atomic
def check(
    listing: Listing, *, by: Any, note: str = "", mlps_level: int | None = None, **points: str
) -> ListingCheck:
    """Record what was found on each point of `ListingCheck.POINTS`; a passed check holds a year.

    Whoever has listed the provider does not check it: two people stand behind every entry.
    """
    row = Listing.objects.select_for_update(of=("self",)).select_related("provider").get(pk=listing.pk)
    if row.state not in CHECKABLE:
        raise ValidationError(_("Take the application up first."))
    if row.listed_by_id == by.pk:
        raise ValidationError(_("You have listed this provider; somebody else checks it."))
    today = calendar.today()
    done = ListingCheck.objects.create(
        listing=row,
        by=by,
        note=note,
        mlps_level=mlps_level,
        done_on=today,
        holds_until=clocks.a_year_after(today),
        **points,
    )
    row.checked_by = by
    if done.passed and row.state != ListingState.CHECKING:
        row.recheck_on, row.recheck_told_on = done.holds_until, None
    row.save(update_fields=["checked_by", "recheck_on", "recheck_told_on"])
    event = audit.record(row, "check", by=by, data={"passed": done.passed, "check": done.pk})
    if done.passed and row.state == ListingState.CHECKING:
        market.tell_approvers(row, by=by, key=str(event.pk))
    return done


@transaction.atomic
def approve(listing: Listing, *, tier: str, ends_on: date, tier_reason: str, by: Any) -> Listing:
    """List a provider whose newest check passed and holds; the approver is not the checker."""
    newest = _passed_check(listing, by=by)
    today = calendar.today()
    _check_tier(ends_on, today)
    row = LISTING.apply(
        listing,
        "approve",
        by=by,
        listed_by=by,
        listed_on=listing.listed_on or today,
        recheck_on=newest.holds_until,
        recheck_told_on=None,
    )
    TierAward.objects.create(
        listing=row, tier=tier, awarded_on=today, ends_on=ends_on, reason=tier_reason, by=by
    )
    market.tell_decision(row, key=f"approved {newest.pk}")
    return row


@transaction.atomic
def decline(listing: Listing, *, reason: str, by: Any) -> Listing:
    """Do not take a provider; it reads the reason and may apply again."""
    row = LISTING.apply(listing, "decline", by=by, reason=reason)
    market.tell_decision(row, key=f"declined {audit.history(row)[0].pk}", reason=reason)
    return row


@transaction.atomic
def reinstate(listing: Listing, *, reason: str, by: Any) -> Listing:
    """End a suspension; the newest check must hold."""
    _passed_check(listing, by=by)
    row = LISTING.apply(listing, "reinstate", by=by, reason=reason)
    row.sanctions.filter(kind="suspension", ended_on=None).update(ended_on=calendar.today())
    market.tell_decision(row, key=f"reinstated {audit.history(row)[0].pk}", reason=reason)
    return row


@transaction.atomic
def award_tier(listing: Listing, *, tier: str, ends_on: date, tier_reason: str, by: Any) -> TierAward:
    """Give a listed provider a tier from today on; the earlier ones stay in its history."""
    today = calendar.today()
    _check_tier(ends_on, today)
    award = TierAward.objects.create(
        listing=listing, tier=tier, awarded_on=today, ends_on=ends_on, reason=tier_reason, by=by
    )
    audit.record(listing, "award_tier", by=by, data={"tier": tier, "ends_on": ends_on})
    return award


def remind_rechecks(day: date) -> int:
    """Tell the checkers, once for each, of providers whose yearly check runs out; return how many."""
    due = Listing.objects.recheck_due_on(clocks.recheck_horizon(day)).filter(recheck_told_on=None)
    return sum(_remind(number, day) for number in list(due.order_by("pk").values_list("pk", flat=True)[:200]))


@transaction.atomic
def _remind(number: int, day: date) -> bool:
    rows = Listing.objects.select_for_update(of=("self",), skip_locked=True).select_related("provider")
    row = rows.filter(pk=number, recheck_told_on=None).first()
    if row is None:
        return False
    row.recheck_told_on = day
    row.save(update_fields=["recheck_told_on"])
    market.tell_recheck(row)
    return True


def _passed_check(listing: Listing, *, by: Any) -> ListingCheck:
    newest = listing.checks.first()
    if newest is None or not newest.passed:
        raise ValidationError(_("The newest check must find every point in order."))
    if newest.holds_until < calendar.today():
        raise ValidationError(_("The newest check has run out; check the provider again."))
    if newest.by_id == by.pk:
        raise ValidationError(_("You have checked this provider yourself; somebody else lists it."))
    return newest


def _check_tier(ends_on: date, today: date) -> None:
    if not today < ends_on <= clocks.a_year_after(clocks.a_year_after(today)):
        raise ValidationError({"ends_on": _("Choose a last day after today and within two years.")})


def _own_fields(application: Application) -> dict[str, Any]:
    return {
        "about_zh": application.about_zh,
        "about_en": application.about_en,
        "credit_code": application.credit_code,
        "phone": application.phone,
        "website": application.website,
    }


def _slug(name_en: str) -> str:
    """Give a web address nobody else has; a Chinese name alone gives no readable one."""
    return f"{slugify(name_en)[:36] or 'provider'}-{secrets.token_hex(4)}"
