"""What the pages of a plan show: its steps with whose turn it is, its proofs of use, its rating."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.urls import NoReverseMatch, reverse

from core import calendar, nested
from services.cloud import rating
from services.cloud.models import Onboarding, OnboardingState, OnboardingStep, Rating, UseCheck, WaitsOn

MOST = 50


def in_list(rows: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
    """Read plans with all that their lines show, in one query."""
    return _with_steps(rows).select_related("product")


def gathered(rows: QuerySet[Onboarding]) -> ArraySubquery:
    """Return what the lines of plans show as one value, for `nested.rows`."""
    product = ("product__id", "product__name_zh", "product__name_en")
    return nested.gathered(
        _with_steps(rows), "id", "reference", "starting_point", "state", "its_steps", *product
    )


def _with_steps(rows: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
    steps = OnboardingStep.objects.filter(onboarding=OuterRef("pk")).order_by("position")
    return rows.annotate(its_steps=nested.gathered(steps, "id", "code", "due_on", "done_on"))


def line(row: Onboarding) -> dict[str, Any]:
    """Return one line of the list, of a row read by `in_list` or `gathered`; no query."""
    steps = nested.rows(OnboardingStep, row.its_steps)  # type: ignore[attr-defined]  # annotated
    now = _now(row, steps)
    return {
        "reference": row.reference,
        "url": reverse("cloud:plan", args=[row.reference]),
        "starting_point": row.starting_words,
        "product": row.product.name if row.product else "",
        "state": row.state,
        "state_label": row.get_state_display(),
        "done": sum(step.done_on is not None for step in steps),
        "count": len(steps),
        "next": now.title if now else "",
        "due_on": now.due_on if now else None,
    }


def page(row: Onboarding) -> dict[str, Any]:
    """Return what the page of one plan shows."""
    today = calendar.today()
    steps = list(row.steps.select_related("owner", "done_by"))
    now = _now(row, steps)
    return {
        "plan": row,
        "is_active": row.state == OnboardingState.ACTIVE,
        "steps": [_step(row, step, now, today) for step in steps],
        "done": sum(step.done_on is not None for step in steps),
        "count": len(steps),
        "checks": [_check(row, check, today) for check in row.use_checks.prefetch_related("evidence__file")],
        "rating": Rating.objects.filter(onboarding=row).first(),
        "may_be_rated": rating.rated_provider(row) is not None,
        "needs_product": row.product is None and row.state == OnboardingState.ACTIVE,
    }


def _now(row: Onboarding, steps: list[OnboardingStep]) -> OnboardingStep | None:
    if row.state != OnboardingState.ACTIVE:
        return None
    return next((step for step in steps if step.done_on is None), None)


def _step(row: Onboarding, step: OnboardingStep, now: OnboardingStep | None, today: date) -> dict[str, Any]:
    is_open = row.state == OnboardingState.ACTIVE and step.done_on is None
    return {
        "code": step.code,
        "title": step.title,
        "what": step.what,
        "state": "done" if step.done_on else "now" if step == now else "next",
        "is_open": is_open,
        "is_late": is_open and step.due_on < today,
        "waits_on": step.waits_on,
        "waits_words": WaitsOn(step.waits_on).label,
        "is_staffs": step.waits_on == WaitsOn.STAFF,
        "may_be_unticked": step.done_on is not None and row.state != OnboardingState.STOPPED,
        "owner": step.owner,
        "due_on": step.due_on,
        "done_on": step.done_on,
        "done_by": step.done_by,
        "note": step.note,
        "help_url": _help_url(step),
        "tick_url": reverse("cloud:tick", args=[row.reference, step.code]),
        "untick_url": reverse("cloud:untick", args=[row.reference, step.code]),
        "change_url": reverse("cloud:step", args=[row.reference, step.code]),
        "is_choice": step.code == "choose",
    }


def _help_url(step: OnboardingStep) -> str:
    """Return the page that helps with a step; "" when there is none."""
    plan = step.plan
    if plan is None or not plan.page:
        return ""
    try:
        return reverse(plan.page)
    except NoReverseMatch:
        return ""


def _check(row: Onboarding, check: UseCheck, today: date) -> dict[str, Any]:
    can_be_sent = check.state in {UseCheck.State.DUE, UseCheck.State.RETURNED}
    return {
        "row": check,
        "is_late": can_be_sent and check.due_on < today,
        "url": reverse("cloud:proof", args=[row.reference, check.day]) if can_be_sent else "",
        "files": [
            {
                "name": one.file.name,
                "size": one.file.size,
                "url": reverse("cloud:evidence", args=[row.reference, one.file.key])
                if one.file.may_be_opened
                else "",
                "scan": one.file.scan,
            }
            for one in check.evidence.all()
        ],
    }
