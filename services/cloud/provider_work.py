"""What waits for a provider in the plans of its customers."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from services.cloud.models import Listing, OnboardingStep, WaitsOn


def open_steps(listing: Listing) -> QuerySet[OnboardingStep]:
    """Return the steps whose turn it is and that wait for this provider, the earliest day first."""
    before = OnboardingStep.objects.filter(
        onboarding=OuterRef("onboarding"), done_on=None, position__lt=OuterRef("position")
    )
    rows = OnboardingStep.objects.open().filter(
        ~Exists(before), waits_on=WaitsOn.PROVIDER, onboarding__product__provider=listing.provider_id
    )
    return rows.select_related("onboarding__enterprise", "onboarding__product").order_by("due_on", "pk")


def line(step: OnboardingStep) -> dict[str, Any]:
    """Return one line of the provider's page."""
    return {
        "title": step.title,
        "enterprise": step.onboarding.enterprise.name,
        "product": step.onboarding.product.name if step.onboarding.product else "",
        "due_on": step.due_on,
        "done_url": reverse("cloud:provider_done", args=[step.onboarding.reference, step.code]),
    }
