"""Proof of real use: ask for it, hand it in with files, accept it or ask for more, visit on site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar, files
from core.files import FileRefused
from services.cloud import clocks
from services.cloud.lifecycle.onboarding import USE
from services.cloud.models import OnboardingState, UseCheck, UseEvidence
from services.cloud.notifications import onboarding as telling

PURPOSE = files.Purpose("cloud.use")
MOST_FILES = 10
BATCH = 200


def add_evidence(check: UseCheck, uploads: Iterable[Any], *, by: Any) -> list[UseEvidence]:
    """Keep files beside a check that is not handed in; raise FileRefused with words. Call it outside a
    transaction."""
    kept = []
    for upload in uploads:
        if check.evidence.count() >= MOST_FILES:
            raise FileRefused("too_many", count=MOST_FILES)
        stored = files.accept(upload, purpose=PURPOSE, by=by)
        kept.append(UseEvidence.objects.create(check_of_use=check, file=stored))
    return kept


@transaction.atomic
def hand_in(check: UseCheck, *, people: int, words: str, by: Any) -> UseCheck:
    """Hand in what shows real use: how many worked with it, for what, and at least one file."""
    if calendar.today() < check.due_on - timedelta(days=clocks.USE_NOTICE_CALENDAR_DAYS):
        raise ValidationError(_("It is too early: real use shows after %(day)s.") % {"day": check.due_on})
    if not check.evidence.exists():
        raise ValidationError({"evidence": _("Add at least one file that shows real use.")})
    return USE.apply(
        check,
        "hand_in",
        by=by,
        people=people,
        words=words,
        handed_in_at=calendar.now(),
        handed_in_by=by,
        return_reason="",
    )


@transaction.atomic
def accept(check: UseCheck, *, by: Any) -> UseCheck:
    """Take the proof as enough; the enterprise may rate the provider from now on."""
    row = USE.apply(check, "accept", by=by, decided_by=by)
    telling.tell_use_decided(row)
    return row


@transaction.atomic
def give_back(check: UseCheck, *, reason: str, by: Any) -> UseCheck:
    """Ask for more; the enterprise reads the reason."""
    row = USE.apply(check, "give_back", by=by, reason=reason, decided_by=by, return_reason=reason)
    telling.tell_use_decided(row)
    return row


@transaction.atomic
def visit(check: UseCheck, *, visited_on: date, visit_note: str, by: Any) -> UseCheck:
    """Record a spot check on site; it decides nothing by itself."""
    if visited_on > calendar.today():
        raise ValidationError({"visited_on": _("The visit lies in the future.")})
    check.visited_on, check.visit_note = visited_on, visit_note
    check.save(update_fields=["visited_on", "visit_note"])
    audit.record(check, "visit", by=by, data={"visited_on": visited_on})
    return check


def ask_for_proof(day: date) -> int:
    """Ask once for every proof that is due within the notice; return how many checks."""
    horizon = day + timedelta(days=clocks.USE_NOTICE_CALENDAR_DAYS)
    due = UseCheck.objects.filter(due_on__lte=horizon, asked_on=None, state=UseCheck.State.DUE)
    due = due.exclude(onboarding__state=OnboardingState.STOPPED)
    return sum(_ask(number, day) for number in list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _ask(number: int, day: date) -> bool:
    rows = UseCheck.objects.select_for_update(of=("self",), skip_locked=True)
    check = rows.select_related("onboarding__enterprise").filter(pk=number, asked_on=None).first()
    if check is None:
        return False
    check.asked_on = day
    check.save(update_fields=["asked_on"])
    telling.tell_use_due(check)
    return True
