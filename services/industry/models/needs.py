"""The board of needs: what an enterprise looks for, read by all once staff have looked, and the answers."""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise, Region
from services.catalogue.models import Provider

# Without I, L, O and U, so that a reference can be read aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Draw a reference such as GX-7K3M-2Q9X."""
    drawn = "".join(secrets.choice(_LETTERS) for _number in range(8))
    return f"GX-{drawn[:4]}-{drawn[4:]}"


class NeedState(models.TextChoices):
    IN_REVIEW = "in_review", pgettext_lazy("state of a need", "being looked at")
    RETURNED = "returned", pgettext_lazy("state of a need", "returned to you")
    PUBLISHED = "published", pgettext_lazy("state of a need", "on the board")
    CLOSED = "closed", pgettext_lazy("state of a need", "closed")


class NeedQuerySet(models.QuerySet["Need"]):
    def on_board(self, on: date) -> NeedQuerySet:
        """Return what everybody reads that day, the newest first."""
        return self.filter(state=NeedState.PUBLISHED, open_until__gte=on).order_by("-published_at", "-pk")

    def for_member(self, user: object) -> NeedQuerySet:
        """Return the needs of the enterprises this person acts for."""
        return self.filter(enterprise__in=Enterprise.objects.for_member(user))

    def in_scope_of(self, user: object) -> NeedQuerySet:
        """Return the needs of enterprises in the regions granted to a member of staff."""
        return self.filter(enterprise__in=Enterprise.objects.in_scope_of(user))

    def open(self) -> NeedQuerySet:
        return self.exclude(state=NeedState.CLOSED)

    def run_out(self, on: date) -> NeedQuerySet:
        return self.filter(state=NeedState.PUBLISHED, open_until__lt=on)


class Need(models.Model):
    """What an enterprise looks for, or offers of its idle capacity, in its own words and language.

    The board shows neither the enterprise nor how to reach it: who wants to answer goes through staff. The
    state moves only through `services.industry.lifecycle.NEED`; `open_until` is its last day on the board.
    """

    State = NeedState

    class Kind(models.TextChoices):
        PURCHASE = "purchase", _("to buy")
        PROCESSING = "processing", _("work to give out")
        CAPACITY = "capacity", _("idle capacity to offer")
        TECHNOLOGY = "technology", _("technology or expertise")

    class Outcome(models.TextChoices):
        FOUND_HERE = "found_here", _("found through the board")
        FOUND_ELSEWHERE = "found_elsewhere", _("found elsewhere")
        NOT_NEEDED = "not_needed", _("no longer needed")
        RUN_OUT = "run_out", _("its time ran out")

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="+", verbose_name=_("enterprise")
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("posted by")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("in detail"))
    quantity = models.CharField(_("how much"), max_length=80, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("city"))
    open_until = models.DateField(_("on the board until"))
    contact_name = models.CharField(_("contact"), max_length=60)
    contact_phone = models.CharField(_("phone"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=NeedState.choices,
        default=NeedState.IN_REVIEW,
        editable=False,
    )
    submitted_at = models.DateTimeField(_("posted at"), db_default=Now())
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    returned_reason = models.CharField(_("why returned"), max_length=1000, blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=16, choices=Outcome.choices, blank=True, editable=False
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("board of needs")
        ordering = ["-pk"]
        permissions = [("moderate_need", _("Can moderate the board of needs"))]
        constraints = [
            models.CheckConstraint(
                name="need_known_state", condition=models.Q(state__in=list(NeedState.values))
            ),
            models.CheckConstraint(
                name="need_closed_whole",
                condition=models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(state="closed") & models.Q(closed_at=None, outcome=""),
            ),
            models.CheckConstraint(
                name="need_can_be_answered",
                condition=~models.Q(contact_phone="") | ~models.Q(contact_email=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at"], name="need_on_board", condition=models.Q(state="published")
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state != NeedState.CLOSED

    @property
    def may_be_changed(self) -> bool:
        """Tell whether its enterprise may change the text: until staff have put it on the board."""
        return self.state in {NeedState.IN_REVIEW, NeedState.RETURNED}


class AnswerState(models.TextChoices):
    PASSED_ON = "passed_on", pgettext_lazy("state of an answer", "passed on")
    WELCOMED = "welcomed", pgettext_lazy("state of an answer", "welcome")
    DECLINED = "declined", pgettext_lazy("state of an answer", "declined")


class Answer(models.Model):
    """What a listed provider answered to a need; staff write it down and pass it on to the enterprise."""

    State = AnswerState

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="answers", verbose_name=_("need"))
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="+", verbose_name=_("provider")
    )
    words = models.TextField(_("what it offers"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=AnswerState.choices,
        default=AnswerState.PASSED_ON,
        editable=False,
    )
    passed_on_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("passed on by")
    )
    passed_on_at = models.DateTimeField(_("passed on at"), db_default=Now())

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "provider"], name="answer_once_a_provider"),
            models.CheckConstraint(
                name="need_answer_known_state", condition=models.Q(state__in=list(AnswerState.values))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need.reference} · {self.provider}"
