"""Begin a plan, tick its steps, give them an owner and a day, stop it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises import facts
from enterprises.models import Enterprise
from services.cloud import clocks, plans
from services.cloud.lifecycle.onboarding import ONBOARDING
from services.cloud.models import CloudProduct, Onboarding, OnboardingState, OnboardingStep, UseCheck, WaitsOn
from services.cloud.notifications import onboarding as telling

BATCH = 200


def start(
    enterprise: Enterprise, *, starting_point: str, by: Any, product: CloudProduct | None = None
) -> Onboarding:
    """Begin a plan, or return the one under way for the same product; owners and editors may."""
    running = enterprise.onboardings.active().filter(product=product).first()
    if running:
        return running
    try:
        with transaction.atomic():
            return _start(enterprise, starting_point, product, by)
    except IntegrityError:
        # Begun twice at the same instant: the first one stands.
        return enterprise.onboardings.active().get(product=product)


def _start(enterprise: Enterprise, starting_point: str, product: CloudProduct | None, by: Any) -> Onboarding:
    readiness = readiness_of(enterprise)
    row = Onboarding.objects.create(
        enterprise=enterprise,
        product=product,
        starting_point=starting_point,
        readiness=readiness,
        started_by=by,
    )
    steps = plans.load().steps_of(starting_point, readiness)
    if product:
        steps = [step for step in steps if step.code != "choose"]
    days = plans.due_dates(
        steps, calendar.today(), lambda day, count: calendar.add_working_days(day, count).day
    )
    OnboardingStep.objects.bulk_create(
        OnboardingStep(
            onboarding=row,
            position=position,
            code=step.code,
            waits_on=step.waits_on,
            due_on=day,
            owner=by if step.waits_on == WaitsOn.ENTERPRISE else None,
        )
        for position, (step, day) in enumerate(zip(steps, days, strict=True), start=1)
    )
    audit.record(row, "start", by=by, after=row.state, data={"starting_point": starting_point})
    telling.tell_turn(row, before="")
    return row


def readiness_of(enterprise: Enterprise) -> int | None:
    """Return the fact `cloud_readiness` that holds today, 0 to 100; None when not checked or expired."""
    known = facts.live(enterprise.facts.known(), calendar.today()).get(facts.CLOUD_READINESS)
    return int(known.value) if known else None


def tick(step: OnboardingStep, *, by: Any, note: str = "") -> OnboardingStep:
    """Say that a step is done; the last one finishes the plan, `live` begins the checks of real use.

    Writers of the enterprise tick their own steps and the provider's, staff any, the provider its own.
    """
    with transaction.atomic():
        row, before = _locked(step), _turn(step.onboarding)
        if row.done_on is None:
            row.done_on, row.done_by, row.note = calendar.today(), by, note[:300]
            row.save(update_fields=["done_on", "done_by", "note"])
            audit.record(row, "tick", by=by, data={"step": row.code})
            if row.code == plans.LIVE:
                _begin_use(row.onboarding)
            if not row.onboarding.steps.filter(done_on=None).exists():
                ONBOARDING.apply(row.onboarding, "finish", by=by, ended_at=calendar.now())
            else:
                telling.tell_turn(row.onboarding, before=before)
    return row


def untick(step: OnboardingStep, *, by: Any) -> OnboardingStep:
    """Take a tick back; not from `live` once proof of real use was handed in."""
    with transaction.atomic():
        row = _locked(step, may_be_finished=True)
        if row.done_on is None:
            return row
        if row.code == plans.LIVE:
            _end_use(row.onboarding)
        row.done_on, row.done_by, row.note = None, None, ""
        row.save(update_fields=["done_on", "done_by", "note"])
        audit.record(row, "untick", by=by, data={"step": row.code})
        if row.onboarding.state == OnboardingState.FINISHED:
            ONBOARDING.apply(row.onboarding, "reopen", by=by, ended_at=None)
    return row


@transaction.atomic
def give(step: OnboardingStep, *, owner: Any, due_on: date, by: Any) -> OnboardingStep:
    """Say who of the enterprise sees to a step and until when; a new day is a new clock."""
    row = _locked(step)
    if due_on != row.due_on:
        if due_on < calendar.today():
            raise ValidationError({"due_on": _("Choose today or a later day.")})
        row.told_late_on = None
    row.owner, row.due_on = owner, due_on
    row.save(update_fields=["owner", "due_on", "told_late_on"])
    audit.record(row, "give", by=by, data={"step": row.code, "due_on": due_on})
    return row


@transaction.atomic
def choose(onboarding: Onboarding, product: CloudProduct, *, by: Any) -> Onboarding:
    """Put a chosen product into a plan that has none, and tick the step of choosing."""
    row = Onboarding.objects.select_for_update(of=("self",)).get(pk=onboarding.pk)
    if row.state != OnboardingState.ACTIVE:
        raise TransitionRefused("state", "choose", row.state)
    if row.product_id is not None:
        raise ValidationError(_("This plan has a product already. Stop it and make a new plan for another."))
    if row.enterprise.onboardings.active().filter(product=product).exclude(pk=row.pk).exists():
        raise ValidationError(_("Another plan of yours has this product already."))
    row.product = product
    row.save(update_fields=["product"])
    audit.record(row, "choose", by=by, data={"product": product.slug})
    step = row.steps.filter(code="choose", done_on=None).first()
    if step:
        tick(step, by=by)
    return row


@transaction.atomic
def stop(onboarding: Onboarding, *, reason: str, by: Any) -> Onboarding:
    """Stop a plan; nothing more is due and nobody is reminded."""
    row = ONBOARDING.apply(onboarding, "stop", by=by, reason=reason, ended_at=calendar.now())
    row.use_checks.filter(state=UseCheck.State.DUE).delete()
    return row


def note_readiness() -> int:
    """Tick the step of the readiness check where the result has come meanwhile; return how many."""
    waiting = OnboardingStep.objects.open().filter(code=plans.CHECK)
    known = waiting.filter(onboarding__enterprise__facet__cloud_readiness__isnull=False)
    return sum(_note_readiness(step) for step in known.select_related("onboarding").order_by("pk")[:BATCH])


def _note_readiness(step: OnboardingStep) -> bool:
    try:
        tick(step, by=None)
    except TransitionRefused:
        # Stopped between the look and the lock.
        return False
    return True


def tell_late(day: date) -> int:
    """Tell once of every step whose last day has passed, those it waits for; return how many steps."""
    numbers = list(OnboardingStep.objects.late_on(day).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_tell_late(number, day) for number in numbers)


@transaction.atomic
def _tell_late(number: int, day: date) -> bool:
    rows = OnboardingStep.objects.late_on(day).select_for_update(of=("self",), skip_locked=True)
    step = rows.select_related("onboarding__enterprise", "onboarding__product").filter(pk=number).first()
    if step is None:
        return False
    step.told_late_on = day
    step.save(update_fields=["told_late_on"])
    telling.tell_late(step)
    return True


def _locked(step: OnboardingStep, *, may_be_finished: bool = False) -> OnboardingStep:
    """Lock the plan, then read the step anew; raise TransitionRefused when the plan has ended."""
    plan = Onboarding.objects.select_for_update(of=("self",)).get(pk=step.onboarding_id)
    is_open = plan.state == OnboardingState.ACTIVE
    if not is_open and not (may_be_finished and plan.state == OnboardingState.FINISHED):
        raise TransitionRefused("state", "tick", plan.state)
    row = OnboardingStep.objects.get(pk=step.pk)
    row.onboarding = plan
    return row


def _turn(onboarding: Onboarding) -> str:
    """Return the code of the first open step, "" when none is open."""
    return onboarding.steps.filter(done_on=None).values_list("code", flat=True).first() or ""


def _begin_use(onboarding: Onboarding) -> None:
    today = calendar.today()
    onboarding.in_use_on = today
    onboarding.save(update_fields=["in_use_on"])
    UseCheck.objects.bulk_create(
        [
            UseCheck(onboarding=onboarding, day=day, due_on=today + timedelta(days=day))
            for day in clocks.USE_CHECKS
        ],
        ignore_conflicts=True,
    )


def _end_use(onboarding: Onboarding) -> None:
    if onboarding.use_checks.exclude(state=UseCheck.State.DUE).exists():
        raise ValidationError(_("Proof of real use has been handed in; this step stays done."))
    onboarding.use_checks.all().delete()
    onboarding.in_use_on = None
    onboarding.save(update_fields=["in_use_on"])
