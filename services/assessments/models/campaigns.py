"""Campaigns: a district or a park asks its enterprises to assess themselves within a window."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise, Region, StaffScope
from services.assessments.models.rounds import new_reference


def new_campaign_reference() -> str:
    """Draw a reference such as DC-7K3M-2Q9X."""
    return f"DC{new_reference()[2:]}"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def in_scope_of(self, user: Any) -> CampaignQuerySet:
        """Return the campaigns of the regions granted to a member of staff (none: the whole province)."""
        return self.filter(StaffScope.within(user, "region"))

    def running(self) -> CampaignQuerySet:
        return self.filter(state=Campaign.State.RUNNING)

    def open_on(self, day: date) -> CampaignQuerySet:
        """Return the running campaigns whose window has begun and is not over."""
        return self.running().filter(opens_on__lte=day, closes_on__gte=day)

    def over_on(self, day: date) -> CampaignQuerySet:
        """Return the running campaigns whose last day has passed."""
        return self.running().filter(closes_on__lt=day)


class Campaign(models.Model):
    """One call to assess by one question bank; `region` says whose it is and which staff see it.

    Whom it invites follows from `audience`: the enterprises of the region (of `sectors`, GB/T 4754 divisions,
    and `sizes`, where given), or the credit codes `listed`. In both cases only those within the scope of
    `made_by`. Both days of the window count. The state moves only through
    `services.assessments.lifecycle.CAMPAIGN`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a campaign", "Being prepared")
        RUNNING = "running", pgettext_lazy("state of a campaign", "Running")
        ENDED = "ended", pgettext_lazy("state of a campaign", "Ended")
        DROPPED = "dropped", pgettext_lazy("state of a campaign", "Dropped")

    class Audience(models.TextChoices):
        REGION = "region", _("the enterprises of the region")
        LIST = "list", _("a list of credit codes")

    reference = models.CharField(
        _("reference"), max_length=12, unique=True, default=new_campaign_reference, editable=False
    )
    code = models.CharField(_("question bank"), max_length=20)
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=150, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    audience = models.CharField(
        _("whom it invites"), max_length=10, choices=Audience.choices, default=Audience.REGION
    )
    sectors = ArrayField(models.CharField(max_length=2), default=list, blank=True, verbose_name=_("sectors"))
    sizes = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("size classes")
    )
    listed = ArrayField(
        models.CharField(max_length=18), default=list, blank=True, verbose_name=_("credit codes")
    )
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    launched_at = models.DateTimeField(_("launched at"), null=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-pk"]
        permissions = [("run_campaign", _("Can launch and end campaigns"))]
        constraints = [
            models.CheckConstraint(
                name="campaign_known_state",
                condition=models.Q(state__in=["draft", "running", "ended", "dropped"]),
            ),
            models.CheckConstraint(
                name="campaign_window", condition=models.Q(closes_on__gte=models.F("opens_on"))
            ),
            models.CheckConstraint(
                name="campaign_launched_before_it_runs",
                condition=models.Q(launched_at__isnull=False) | models.Q(state__in=["draft", "dropped"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name_zh}"


class CampaignInvitationQuerySet(models.QuerySet["CampaignInvitation"]):
    def for_member(self, user: Any) -> CampaignInvitationQuerySet:
        """Return the invitations of the enterprises this person acts for."""
        return self.filter(enterprise__in=Enterprise.objects.for_member(user))

    def untold(self) -> CampaignInvitationQuerySet:
        return self.filter(told_at=None)


class CampaignInvitation(models.Model):
    """An enterprise that is asked to take part; whether it did follows from its rounds.

    `reminders` counts how often it was reminded (at most twice).
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="invitations")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="campaign_invitations")
    invited_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    objects = CampaignInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "enterprise"], name="campaign_invites_once"),
        ]
        indexes = [
            models.Index(
                fields=["campaign"], name="campaign_to_tell", condition=models.Q(told_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.enterprise_id}"
