"""Prepare, launch and end campaigns; invite and remind until their last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import audit, calendar
from services.assessments import campaigns, notifications
from services.assessments.lifecycle import CAMPAIGN
from services.assessments.models import Campaign, CampaignInvitation

BATCH = 1000
FIRST_REMINDER = timedelta(days=7)
# The second one comes so many days before the last day, but never on the heels of the invitation.
LAST_DAYS = 3
SETTLE = timedelta(days=2)


def set_list(campaign: Campaign, *, codes: Sequence[str], by: Any) -> Campaign:
    """Replace the list of credit codes and invite by it; only while a campaign is being prepared.

    Raises ValidationError in any other state.
    """
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if locked.state != Campaign.State.DRAFT:
            raise ValidationError(_("The list can be changed only before the launch."))
        locked.listed, locked.audience = list(dict.fromkeys(codes)), Campaign.Audience.LIST
        locked.save(update_fields=["listed", "audience"])
        audit.record(locked, "set_list", by=by, data={"codes": len(locked.listed)})
    return locked


def launch(campaign: Campaign, *, by: Any) -> Campaign:
    """Start a campaign; from its first day on the tick invites, at first and whoever comes to fit later.

    Raises ValidationError when its last day has passed or nobody would be invited.
    """
    if campaign.closes_on < calendar.today():
        raise ValidationError(_("The last day has passed. Change the window first."))
    if not campaigns.audience(campaign).exists():
        raise ValidationError(_("Nobody would be invited. Change the region, the filter or the list."))
    return CAMPAIGN.apply(campaign, "launch", by=by, launched_at=calendar.now())


def extend(campaign: Campaign, *, closes_on: date, by: Any) -> Campaign:
    """Move the last day of a running campaign; raises ValidationError for a day that has passed."""
    if closes_on < calendar.today():
        raise ValidationError({"closes_on": _("This day has passed.")})
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if locked.state != Campaign.State.RUNNING:
            raise ValidationError(_("Only a running campaign can be extended."))
        before, locked.closes_on = locked.closes_on, closes_on
        locked.save(update_fields=["closes_on"])
        audit.record(locked, "extend", by=by, before=before.isoformat(), after=closes_on.isoformat())
    return locked


def end(campaign: Campaign, *, by: Any) -> Campaign:
    """End a campaign before its last day; nobody is reminded any more."""
    return CAMPAIGN.apply(campaign, "end", by=by)


def drop(campaign: Campaign, *, by: Any) -> Campaign:
    """Give up a campaign that was never launched."""
    return CAMPAIGN.apply(campaign, "drop", by=by)


def run_campaigns(at: datetime | None = None) -> int:
    """Invite and remind in every open campaign, end those that are over; return how many letters were new.

    Rows are found by state, so it may run twice, late, or after a crash in the middle.
    """
    now = at or calendar.now()
    today = calendar.day_of(now)
    for campaign in Campaign.objects.over_on(today):
        CAMPAIGN.apply(campaign, "end", by=None)
    told = 0
    for campaign in Campaign.objects.open_on(today).select_related("made_by"):
        _invite(campaign)
        told += _tell_all(campaign, now) + _remind_all(campaign, now)
    return told


def _invite(campaign: Campaign) -> None:
    """Write an invitation for whoever fits and has none."""
    here = campaign.invitations.values("enterprise")
    numbers = campaigns.audience(campaign).exclude(pk__in=here).order_by("pk").values_list("pk", flat=True)
    while found := list(numbers[:BATCH]):
        rows = [CampaignInvitation(campaign=campaign, enterprise_id=number) for number in found]
        CampaignInvitation.objects.bulk_create(rows, ignore_conflicts=True)


def _tell_all(campaign: Campaign, now: datetime) -> int:
    told = 0
    while True:
        with transaction.atomic():
            rows = campaign.invitations.untold().select_for_update(skip_locked=True).order_by("pk")
            numbers = list(rows.values_list("pk", flat=True)[:BATCH])
            if not numbers:
                return told
            told += notifications.tell_invited(campaign, numbers)
            CampaignInvitation.objects.filter(pk__in=numbers).update(told_at=now)


def _remind_all(campaign: Campaign, now: datetime) -> int:
    """Remind once after a week and once shortly before the end; who has finished is left in peace."""
    told = 0
    for number, due in _reminders_due(campaign, now):
        while True:
            with transaction.atomic():
                waiting = campaigns.waiting(campaign.invitations.filter(due, reminders__lt=number))
                rows = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")
                numbers = list(rows.values_list("pk", flat=True)[:BATCH])
                if not numbers:
                    break
                told += notifications.tell_reminded(campaign, numbers, number)
                CampaignInvitation.objects.filter(pk__in=numbers).update(reminders=number)
    return told


def _reminders_due(campaign: Campaign, now: datetime) -> list[tuple[int, Q]]:
    """Return the reminders of this day, the last one first, so that nobody gets both at once."""
    days_left = (campaign.closes_on - calendar.day_of(now)).days
    last = [(2, Q(told_at__lte=now - SETTLE))] if days_left <= LAST_DAYS else []
    return [*last, (1, Q(told_at__lte=now - FIRST_REMINDER))]
