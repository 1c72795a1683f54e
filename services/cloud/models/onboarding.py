"""An enterprise's way to the cloud: plan and steps, checks of real use, the rating after them."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from enterprises.models import Enterprise
from services.cloud import plans
from services.cloud.models.listings import Listing
from services.cloud.models.products import CloudProduct

# Without I, L, O and U, so that a reference can be read aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Draw a reference such as CO-7K3M-2Q9X; nobody can guess another one from it."""
    drawn = "".join(secrets.choice(_LETTERS) for _number in range(8))
    return f"CO-{drawn[:4]}-{drawn[4:]}"


class OnboardingState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("state of a plan", "under way")
    FINISHED = "finished", pgettext_lazy("state of a plan", "all steps done")
    STOPPED = "stopped", pgettext_lazy("state of a plan", "stopped")


class OnboardingQuerySet(models.QuerySet["Onboarding"]):
    def for_member(self, user: Any) -> OnboardingQuerySet:
        """Return the plans of the enterprises this person acts for."""
        mine = Enterprise.objects.for_member(user)
        return self.filter(enterprise__in=mine)

    def in_scope_of(self, user: Any) -> OnboardingQuerySet:
        """Return the plans of the enterprises in a member of staff's regions."""
        return self.filter(enterprise__in=Enterprise.objects.in_scope_of(user))

    def active(self) -> OnboardingQuerySet:
        return self.filter(state=OnboardingState.ACTIVE)

    def waiting_for_staff(self) -> OnboardingQuerySet:
        """Return active plans with an open step that waits for staff."""
        steps = OnboardingStep.objects.open().filter(waits_on=WaitsOn.STAFF)
        return self.filter(pk__in=steps.values("onboarding"))

    def with_provider(self, listing: Listing) -> OnboardingQuerySet:
        """Return the plans that chose a product of this provider."""
        return self.filter(product__provider=listing.provider_id)


class Onboarding(models.Model):
    """One plan; its steps were taken from `services.cloud.plans` on the day it began.

    `readiness` is the fact of that day, 0 to 100; null is not checked. `in_use_on` is the first day of
    work with the product, from which the checks of real use count.
    """

    State = OnboardingState

    reference = models.CharField(
        _("reference"), max_length=12, unique=True, default=new_reference, editable=False
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="onboardings", verbose_name=_("enterprise")
    )
    product = models.ForeignKey(
        CloudProduct,
        null=True,
        on_delete=models.PROTECT,
        related_name="onboardings",
        verbose_name=_("cloud product"),
    )
    starting_point = models.CharField(_("starting point"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.ACTIVE, editable=False
    )
    readiness = models.PositiveSmallIntegerField(_("readiness at the beginning"), null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("begun by")
    )
    started_at = models.DateTimeField(_("begun at"), db_default=Now())
    in_use_on = models.DateField(_("in use since"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = OnboardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of going to the cloud")
        verbose_name_plural = _("plans of going to the cloud")
        ordering = ["-pk"]
        permissions = [("help_onboarding", _("Can do the staff's steps of a plan and check real use"))]
        constraints = [
            models.CheckConstraint(
                name="onboarding_known_state", condition=models.Q(state__in=list(OnboardingState.values))
            ),
            models.CheckConstraint(
                name="onboarding_ended_has_date",
                condition=models.Q(state="active", ended_at=None)
                | (~models.Q(state="active") & models.Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "product"],
                name="onboarding_one_active",
                condition=models.Q(state="active"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="onboarding_readiness_in_range",
                condition=models.Q(readiness=None) | models.Q(readiness__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def starting_words(self) -> str:
        """Return the starting point in words; its code once the file has no such point any more."""
        point = plans.load().starting_points.get(self.starting_point)
        return str(point.title) if point else self.starting_point


class WaitsOn(models.TextChoices):
    ENTERPRISE = "enterprise", pgettext_lazy("whose turn", "you")
    PROVIDER = "provider", pgettext_lazy("whose turn", "the provider")
    STAFF = "staff", pgettext_lazy("whose turn", "our staff")


class OnboardingStepQuerySet(models.QuerySet["OnboardingStep"]):
    def open(self) -> OnboardingStepQuerySet:
        return self.filter(done_on=None, onboarding__state=OnboardingState.ACTIVE)

    def late_on(self, day: date) -> OnboardingStepQuerySet:
        """Return open steps whose day has passed and of whose lateness nobody was told."""
        return self.open().filter(due_on__lt=day, told_late_on=None)


class OnboardingStep(models.Model):
    """One step of a plan. `owner` is a member of the enterprise who sees to it; null is nobody yet.

    `due_on` is the last day; a new one after lateness is told again.
    """

    onboarding = models.ForeignKey(
        Onboarding,
        on_delete=models.CASCADE,
        related_name="steps",
        verbose_name=_("plan of going to the cloud"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("step"), max_length=20)
    waits_on = models.CharField(_("waits for"), max_length=10, choices=WaitsOn.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who sees to it"),
    )
    due_on = models.DateField(_("last day"))
    done_on = models.DateField(_("done on"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    told_late_on = models.DateField(null=True)

    objects = OnboardingStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of plans")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["onboarding", "code"], name="step_once"),
            models.UniqueConstraint(fields=["onboarding", "position"], name="step_place_once"),
            models.CheckConstraint(
                name="step_waits_on_somebody",
                condition=models.Q(waits_on__in=["enterprise", "provider", "staff"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="step_late",
                condition=models.Q(done_on=None, told_late_on=None),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def plan(self) -> plans.StepPlan | None:
        """Return the step as the file has it; None once the file has no such step any more."""
        return plans.load().steps.get(self.code)

    @property
    def title(self) -> str:
        return str(self.plan.title) if self.plan else self.code

    @property
    def what(self) -> str:
        return str(self.plan.what) if self.plan else ""


class UseCheck(models.Model):
    """The proof that a product is really used, so many days after the first one (E5).

    `people` is how many worked with it in the last days before; null is not said yet.
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("state of a use check", "to be handed in")
        HANDED_IN = "handed_in", pgettext_lazy("state of a use check", "handed in")
        RETURNED = "returned", pgettext_lazy("state of a use check", "to be completed")
        ACCEPTED = "accepted", pgettext_lazy("state of a use check", "accepted")

    onboarding = models.ForeignKey(
        Onboarding,
        on_delete=models.CASCADE,
        related_name="use_checks",
        verbose_name=_("plan of going to the cloud"),
    )
    day = models.PositiveSmallIntegerField(_("days after the first one"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DUE, editable=False
    )
    people = models.PositiveIntegerField(_("people who worked with it"), null=True)
    words = models.TextField(_("what it is used for"), blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    return_reason = models.TextField(_("what is missing"), blank=True)
    visited_on = models.DateField(_("visited on"), null=True)
    visit_note = models.TextField(_("what the visit found"), blank=True)
    asked_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("check of real use")
        verbose_name_plural = _("checks of real use")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["onboarding", "day"], name="use_check_once"),
            models.CheckConstraint(
                name="use_check_known_state",
                condition=models.Q(state__in=["due", "handed_in", "returned", "accepted"]),
            ),
            models.CheckConstraint(
                name="use_check_accepted_is_said",
                condition=~models.Q(state="accepted")
                | models.Q(people__isnull=False, decided_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="use_check_to_ask", condition=models.Q(asked_on=None))
        ]

    def __str__(self) -> str:
        return f"{self.onboarding} {self.day}"


class UseEvidence(models.Model):
    """A file that shows real use: an export of the log, a screenshot. Never with passwords in it."""

    check_of_use = models.ForeignKey(UseCheck, on_delete=models.CASCADE, related_name="evidence")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"), db_default=Now())

    class Meta:
        verbose_name = _("evidence of use")
        verbose_name_plural = _("evidence of use")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name


class Rating(models.Model):
    """What an enterprise says of a provider after real use was accepted; the provider may reply once (E6)."""

    class State(models.TextChoices):
        SHOWN = "shown", pgettext_lazy("state of a rating", "shown")
        HIDDEN = "hidden", pgettext_lazy("state of a rating", "hidden")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    onboarding = models.OneToOneField(
        Onboarding,
        on_delete=models.CASCADE,
        related_name="rating",
        verbose_name=_("plan of going to the cloud"),
    )
    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="ratings", verbose_name=_("cloud provider")
    )
    state = models.CharField(
        _("state"), max_length=6, choices=State.choices, default=State.SHOWN, editable=False
    )
    score = models.PositiveSmallIntegerField(_("rating"))
    words = models.TextField(_("words with the rating"), blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField(_("rated at"), db_default=Now())
    reply = models.TextField(_("reply of the provider"), blank=True)
    replied_at = models.DateTimeField(_("replied at"), null=True)

    class Meta:
        verbose_name = _("rating of a provider")
        verbose_name_plural = _("ratings of providers")
        ordering = ["-pk"]
        permissions = [("hide_rating", _("Can hide ratings that break the rules"))]
        constraints = [
            models.CheckConstraint(name="rating_1_to_5", condition=models.Q(score__range=(1, 5))),
            models.CheckConstraint(
                name="rating_known_state", condition=models.Q(state__in=["shown", "hidden"])
            ),
            models.CheckConstraint(
                name="rating_reply_has_date",
                condition=models.Q(reply="") | models.Q(replied_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.score}"
