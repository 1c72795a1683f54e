"""What enterprises, providers and staff are told about plans, proofs of use and ratings."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.access import reader_still_acts
from enterprises.models import Membership
from notifications import outbox
from notifications.kinds import Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter
from services.cloud.models import (
    Listing,
    Onboarding,
    OnboardingStep,
    Rating,
    UseCheck,
    WaitsOn,
)
from services.requests.parties import staff_for

WRITERS = (Membership.Role.OWNER, Membership.Role.EDITOR)


def _step_is_open(notification: Notification) -> bool:
    steps = OnboardingStep.objects.open().filter(onboarding__reference=notification.subject_code)
    return steps.filter(code=notification.context["step"]).exists()


def step_still_late(notification: Notification) -> bool:
    return _step_is_open(notification) and reader_still_acts(notification)


def proof_still_due(notification: Notification) -> bool:
    checks = UseCheck.objects.filter(
        onboarding__reference=notification.subject_code,
        day=notification.context["day"],
        state__in=[UseCheck.State.DUE, UseCheck.State.RETURNED],
    )
    return checks.exists() and reader_still_acts(notification)


def represents_provider(notification: Notification) -> bool:
    slug = notification.context["provider"]
    return Listing.objects.filter(provider__slug=slug, representative=notification.recipient_id).exists()


def provider_step_is_open(notification: Notification) -> bool:
    return _step_is_open(notification) and represents_provider(notification)


STEP_LATE = declare(
    Kind("cloud.step_late", _("A step of your cloud plan is late"), still_due=step_still_late)
)
STEP_LATE_STAFF = declare(
    Kind(
        "cloud.step_late_staff",
        _("A step that waits for staff is late"),
        audience="staff",
        still_due=_step_is_open,
    )
)
PROVIDER_TURN = declare(
    Kind("cloud.provider_turn", _("A customer's plan waits for you"), still_due=provider_step_is_open)
)
USE_DUE = declare(Kind("cloud.use_due", _("Proof of real use is due"), still_due=proof_still_due))
USE_DECIDED = declare(
    Kind("cloud.use_decided", _("Your proof of real use is decided"), still_due=reader_still_acts)
)
RATED = declare(Kind("cloud.rated", _("An enterprise has rated you"), still_due=represents_provider))
REPLIED = declare(
    Kind("cloud.rating_replied", _("A provider replies to your rating"), still_due=reader_still_acts)
)


def tell_turn(onboarding: Onboarding, *, before: str) -> int:
    """Tell the provider when its turn has come; `before` is the step whose turn it was."""
    step = onboarding.steps.filter(done_on=None).first()
    if step is None or step.code == before or step.waits_on != WaitsOn.PROVIDER:
        return 0
    return _tell_provider(PROVIDER_TURN, step, key=f"turn {step.code} {step.due_on}")


def tell_late(step: OnboardingStep) -> int:
    """Tell of a late step: the enterprise always, besides it the provider or the staff it waits for."""
    key = f"late {step.code} {step.due_on}"
    told = _tell_enterprise(STEP_LATE, step.onboarding, _readers(step), key=key, **_step_facts(step))
    if step.waits_on == WaitsOn.PROVIDER:
        told += _tell_provider(PROVIDER_TURN, step, key=key)
    if step.waits_on == WaitsOn.STAFF:
        told += _tell_staff(step, key=key)
    return told


def tell_use_due(check: UseCheck) -> int:
    return _tell_enterprise(
        USE_DUE,
        check.onboarding,
        writers(check.onboarding.enterprise_id),
        key=f"use {check.day}",
        day=check.day,
        due=str(check.due_on),
    )


def tell_use_decided(check: UseCheck) -> int:
    return _tell_enterprise(
        USE_DECIDED,
        check.onboarding,
        writers(check.onboarding.enterprise_id),
        key=f"use {check.day} {check.state} {check.handed_in_at}",
        day=check.day,
        state=check.state,
        reason=check.return_reason,
    )


def tell_rated(row: Rating) -> int:
    """Tell whoever speaks for the provider; the rating does not name the enterprise."""
    listing = row.listing
    if listing.representative is None or not listing.representative.is_active:
        return 0
    letter = Letter(
        key=str(row.key),
        recipient=listing.representative,
        url=reverse("cloud:my_listing"),
        context={"provider": listing.provider.slug, "score": row.score},
    )
    return outbox.post(RATED, letter)


def tell_reply(row: Rating) -> int:
    onboarding = row.onboarding
    return _tell_enterprise(
        REPLIED, onboarding, writers(onboarding.enterprise_id), key="reply", reply=row.reply
    )


def writers(enterprise_id: int) -> list[Any]:
    """Return the owners and editors who can sign in."""
    current = Membership.objects.current().filter(
        enterprise=enterprise_id, user__is_active=True, role__in=WRITERS
    )
    return [membership.user for membership in current.select_related("user").order_by("pk")]


def _readers(step: OnboardingStep) -> list[Any]:
    """Return who is told of a late step: its owner while still there, else every writer."""
    people = writers(step.onboarding.enterprise_id)
    owner = [person for person in people if person.pk == step.owner_id]
    return owner or people


def _step_facts(step: OnboardingStep) -> dict[str, str]:
    return {"step": step.code, "due": str(step.due_on), "waits_on": step.waits_on, **_titles(step)}


def _titles(step: OnboardingStep) -> dict[str, str]:
    plan = step.plan
    return {"title_zh": plan.title.zh, "title_en": plan.title.en} if plan else {}


def _tell_enterprise(
    kind: Kind, onboarding: Onboarding, people: list[Any], *, key: str, **context: Any
) -> int:
    url = reverse("cloud:plan", args=[onboarding.reference])
    return outbox.post(
        kind,
        *(
            Letter(
                key=f"{onboarding.reference}:{key}",
                recipient=person,
                subject_code=onboarding.reference,
                enterprise_id=onboarding.enterprise_id,
                url=url,
                context={"reference": onboarding.reference, **context},
            )
            for person in people
        ),
    )


def _tell_provider(kind: Kind, step: OnboardingStep, *, key: str) -> int:
    product = step.onboarding.product
    listing = Listing.objects.filter(provider=product.provider_id).first() if product else None
    if listing is None or listing.representative is None or not listing.representative.is_active:
        return 0
    letter = Letter(
        key=f"{step.onboarding.reference}:{key}",
        recipient=listing.representative,
        subject_code=step.onboarding.reference,
        url=reverse("cloud:my_listing"),
        context={
            "provider": listing.provider.slug,
            "enterprise": step.onboarding.enterprise.name,
            "reference": step.onboarding.reference,
            **_step_facts(step),
        },
    )
    return outbox.post(kind, letter)


def _tell_staff(step: OnboardingStep, *, key: str) -> int:
    onboarding = step.onboarding
    url = reverse("admin:cloud_onboarding_change", args=[onboarding.pk])
    return outbox.post(
        STEP_LATE_STAFF,
        *(
            Letter(
                key=f"{onboarding.reference}:{key}",
                recipient=person,
                subject_code=onboarding.reference,
                url=url,
                context={
                    "reference": onboarding.reference,
                    "enterprise": onboarding.enterprise.name,
                    **_step_facts(step),
                },
            )
            for person in staff_for(onboarding.enterprise, "help_onboarding", label="cloud")
        ),
    )
