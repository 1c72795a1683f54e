"""What an enterprise asked for, who has it, and what was said."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import calendar
from core.pairs import Pairs, holds
from enterprises.models import Enterprise, Region, StaffScope, region_prefix
from services.catalogue.models import Offering


class State(models.TextChoices):
    """The states, in the owner's words."""

    DRAFT = "draft", pgettext_lazy("state of a request", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("state of a request", "Received")
    IN_PROGRESS = "in_progress", pgettext_lazy("state of a request", "In progress")
    WAITING = "waiting", pgettext_lazy("state of a request", "Waiting for you")
    RESOLVED = "resolved", pgettext_lazy("state of a request", "Done")
    CLOSED = "closed", pgettext_lazy("state of a request", "Closed")
    REFUSED = "refused", pgettext_lazy("state of a request", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a request", "Withdrawn")


OPEN_STATES = (State.SUBMITTED, State.IN_PROGRESS, State.WAITING)
RUNNING_STATES = (State.SUBMITTED, State.IN_PROGRESS)
# Words that so many enterprises have in their names mean none in particular.
MOST_MEANT = 500
# Words stand in many subjects when one in so many of the newest has them.
LOOKED_AT, OFTEN = 5_000, 100
FINAL_STATES = (State.CLOSED, State.REFUSED, State.WITHDRAWN)


class Priority(models.IntegerChoices):
    HIGH = 1, _("high")
    NORMAL = 2, _("normal")


class Suspicion(models.TextChoices):
    """Why a question may come from a machine; it waits for a look instead of being routed."""

    TRAP = "trap", _("the hidden field was filled in")
    SAME_TEXT = "same_text", _("the same text came several times")


def _granted_to(user: Any) -> models.Q:
    """Return the condition of a member of staff's scopes; without any, or with an empty one, everything.

    A request without a region belongs to the whole province, so a region's scope leaves it out; one that
    lies in nobody's scope is on everybody's list.
    """
    scopes = [(scope.region_id, scope.group) for scope in StaffScope.held_by(user)]
    if not scopes or (None, "") in scopes:
        return models.Q()
    granted = models.Q(for_everyone=True)
    for region, group in scopes:
        granted |= scope_condition(region, group)
    return granted


def _with_task_of(user: Any) -> models.Q:
    given = apps.get_model("service_requests", "Assignment")._default_manager.filter(
        holder=user, state="given"
    )
    return models.Q(pk__in=given.values("service_request"))


def scope_condition(region: str | None, group: str) -> models.Q:
    """Return the condition of one scope: a region with all below it, and a group; empty parts ask nothing."""
    grant = models.Q(group=group) if group else models.Q()
    return grant & models.Q(region__code__startswith=region_prefix(region)) if region else grant


class ServiceRequestQuerySet(models.QuerySet["ServiceRequest"]):
    def for_member(self, user: Any) -> "ServiceRequestQuerySet":
        """Return the requests of the enterprises this person acts for, and their own questions."""
        own = models.Q(enterprise=None, requester=user)
        return self.filter(own | models.Q(enterprise__in=Enterprise.objects.for_member(user)))

    def in_scope_of(self, user: Any) -> "ServiceRequestQuerySet":
        """Return what a member of staff may see: submitted requests of the granted regions and groups."""
        return self.submitted().filter(_granted_to(user))

    def on_desk_of(self, user: Any) -> "ServiceRequestQuerySet":
        """Return what lies in this person's scopes, and whatever a colleague has given them a task in."""
        granted = _granted_to(user)
        # An empty condition grants everything, and would vanish beside another.
        return self.submitted().filter(granted | _with_task_of(user) if granted else granted)

    def holding(self, words: str) -> "ServiceRequestQuerySet":
        """Return requests with these words in the subject or in the enterprise's name, by their indexes.

        Two queries tell beforehand which enterprises are meant, and whether the words stand in so many
        subjects that the newest are found sooner by walking than by the index.
        """
        named = list(Enterprise.objects.named(words).values_list("pk", flat=True)[: MOST_MEANT + 1])
        newest = self.model._default_manager.order_by("-pk")[:LOOKED_AT]
        held = models.Count("pk", filter=holds("subject", words, often=True))
        is_often = len(named) > MOST_MEANT or newest.aggregate(held=held)["held"] * OFTEN > LOOKED_AT
        meant = (
            models.Q(enterprise__in=named)
            if len(named) <= MOST_MEANT
            else holds("enterprise__name", words, often=True)
        )
        return self.filter(holds("subject", words, often=is_often) | meant)

    def submitted(self) -> "ServiceRequestQuerySet":
        return self.exclude(state=State.DRAFT)

    def open(self) -> "ServiceRequestQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, at: datetime) -> "ServiceRequestQuerySet":
        """Return requests whose clock runs and whose due time lies before `at`."""
        return self.due_before(at)

    def waiting_first(self) -> "ServiceRequestQuerySet":
        """Order for the owner: drafts, then what waits for them, then open by due day, then the rest."""
        return self.annotate(
            rank=models.Case(
                models.When(state=State.DRAFT, then=0),
                models.When(state=State.WAITING, then=1),
                models.When(state__in=RUNNING_STATES, then=2),
                default=3,
            )
        ).order_by("rank", "-id")

    def due_before(self, at: datetime) -> "ServiceRequestQuerySet":
        """Return requests whose clock runs, due before `at`."""
        return self.filter(state__in=RUNNING_STATES, due_at__lt=at)

    def ready_to_close(self, at: datetime) -> "ServiceRequestQuerySet":
        """Return what was done before `at`, so that the time to reopen is over."""
        return self.filter(state=State.RESOLVED, resolved_at__lt=at)

    def without_warning(self) -> "ServiceRequestQuerySet":
        """Return running requests whose clock was started before there were warnings."""
        return self.filter(
            state__in=RUNNING_STATES, warn_at=None, due_at__isnull=False, clock_from__isnull=False
        )

    def unheld(self) -> "ServiceRequestQuerySet":
        """Return open requests that nobody has."""
        return self.open().filter(holder=None)

    def drafts_left_before(self, at: datetime) -> "ServiceRequestQuerySet":
        """Return drafts nobody has saved since `at`."""
        return self.filter(state=State.DRAFT, saved_at__lt=at)

    def awaiting_routing(self) -> "ServiceRequestQuerySet":
        """Return what is to be put into its queue; what may be spam waits until staff have released it."""
        return self.filter(state=State.SUBMITTED, routed_at=None, is_suspect=False)

    def same_text(self, text_hash: str, since: datetime) -> "ServiceRequestQuerySet":
        """Return questions without an account with this very text, submitted since then."""
        asked = self.filter(enterprise=None, requester=None, submitted_at__gte=since)
        return asked.filter(text_hash=text_hash)


class ServiceRequest(models.Model):
    """A request for an offering, or a question (no offering).

    `reference` (QD-YYMMDD-NNNN) is given at submission; a draft is addressed by its `key`. The
    state moves only through `services.requests.lifecycle.REQUEST`. `due_at` is the end of the due
    day in Asia/Shanghai: `clock_days` working days after `clock_from`. While the enterprise must
    answer, `paused_at` is set and the clock stands; `paused_days_left` is empty when it was late.
    """

    State = State

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, null=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.PROTECT, related_name="requests", verbose_name=_("enterprise")
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    offering = models.ForeignKey(
        Offering, null=True, on_delete=models.PROTECT, related_name="requests", verbose_name=_("offering")
    )
    group = models.CharField(_("group"), max_length=30, blank=True)
    region = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("what you need"), max_length=4000)
    answers = models.JSONField(_("answers to the questions of the service"), default=list, db_default=[])
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    source_label = models.CharField(_("asked from"), max_length=200, blank=True)
    source_url = models.CharField(max_length=300, blank=True)
    is_free = models.BooleanField(_("free of charge"), default=True)
    is_suspect = models.BooleanField(_("perhaps spam"), default=False)
    suspicion = models.CharField(
        _("why it may be spam"), max_length=20, blank=True, choices=Suspicion.choices
    )
    text_hash = models.CharField(max_length=64, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    created_at = models.DateTimeField(_("begun at"), db_default=Now())
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)
    nudged_at = models.DateTimeField(
        null=True, help_text=_("When the owner was last reminded: of the draft, or of papers.")
    )
    submitted_at = models.DateTimeField(_("received at"), null=True)
    routed_at = models.DateTimeField(null=True)
    first_reply_due_at = models.DateTimeField(_("first reply due"), null=True)
    first_replied_at = models.DateTimeField(_("first replied at"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(null=True)
    with_provider_at = models.DateTimeField(_("with the provider since"), null=True)
    clock_from = models.DateField(null=True)
    clock_days = models.PositiveSmallIntegerField(null=True)
    due_is_provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(_("clock paused at"), null=True)
    paused_days_left = models.PositiveSmallIntegerField(_("working days left when paused"), null=True)
    resolved_at = models.DateTimeField(_("done at"), null=True)
    outcome = models.TextField(_("outcome"), blank=True)
    refusal_reason = models.TextField(_("reason of the return"), blank=True)
    next_offering = models.ForeignKey(Offering, null=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("held by"),
    )
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="joined", verbose_name=_("joined to")
    )
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="parts", verbose_name=_("split from")
    )
    for_everyone = models.BooleanField(
        _("on everybody's list"), default=False, help_text=_("It lies in nobody's region and group.")
    )
    rating = models.PositiveSmallIntegerField(_("rating"), null=True)
    rating_words = models.TextField(_("words with the rating"), blank=True, max_length=1000)
    rated_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    last_message_by_staff = models.BooleanField(default=False)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.CheckConstraint(
                name="request_submitted_has_reference",
                condition=models.Q(state="draft", reference=None, submitted_at=None)
                | (~models.Q(state="draft") & models.Q(reference__isnull=False, submitted_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="request_known_state", condition=models.Q(state__in=list(State.values))
            ),
            models.CheckConstraint(
                name="request_paused_while_waiting",
                condition=models.Q(state="waiting", paused_at__isnull=False)
                | (~models.Q(state="waiting") & models.Q(paused_at=None)),
            ),
            models.CheckConstraint(
                name="request_rating_1_to_5", condition=models.Q(rating=None) | models.Q(rating__range=(1, 5))
            ),
            models.CheckConstraint(
                name="request_without_enterprise_is_a_question",
                condition=models.Q(enterprise__isnull=False) | models.Q(offering=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="request_queue",
                condition=models.Q(state__in=["submitted", "in_progress", "waiting"]),
            ),
            models.Index(
                fields=["warn_at"],
                name="request_to_warn",
                condition=models.Q(state__in=["submitted", "in_progress"]),
            ),
            models.Index(fields=["state", "-id"], name="request_state"),
            models.Index(fields=["saved_at"], name="request_draft_left", condition=models.Q(state="draft")),
            models.Index(fields=["enterprise", "-id"], name="request_of_enterprise"),
            models.Index(fields=["holder", "state"], name="request_holder"),
            models.Index(
                fields=["text_hash", "submitted_at"],
                name="request_same_text",
                condition=~models.Q(text_hash=""),
            ),
            models.Index(
                fields=["id"], name="request_to_route", condition=models.Q(state="submitted", routed_at=None)
            ),
            models.Index(
                fields=["offering", "-resolved_at"],
                name="request_done_of_offering",
                condition=models.Q(resolved_at__isnull=False),
            ),
            models.Index(
                fields=["resolved_at"], name="request_resolved", condition=models.Q(state="resolved")
            ),
            GinIndex(Pairs("subject"), name="request_subject"),
        ]
        permissions = [
            ("triage", _("Can take, answer and settle requests")),
            ("assign", _("Can assign requests to others")),
            ("export", _("Can export requests")),
            ("view_unmet", _("Can see what could not be met")),
        ]

    def __str__(self) -> str:
        return self.reference or self.subject

    @property
    def kept(self) -> "ServiceRequest":
        """Return the request this one was joined to, or itself: an old number leads to the kept one."""
        return self.merged_into or self

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def due_on_text(self) -> str:
        """Return the due day as it is written into letters and events; '' without one."""
        return f"{calendar.day_of(self.due_at)}" if self.due_at else ""

    @property
    def is_anonymous(self) -> bool:
        """Tell whether it was asked without an account, so that reference and contact are its only key."""
        return self.enterprise_id is None and self.requester_id is None

    def may_be_reopened(self, at: datetime) -> bool:
        """Tell whether the owner may still reopen what was done (14 days, a setting)."""
        limit = at - timedelta(days=settings.REOPEN_DAYS)
        return self.state == State.RESOLVED and self.resolved_at is not None and self.resolved_at >= limit

    def is_overdue(self, at: datetime) -> bool:
        return self.state in RUNNING_STATES and self.due_at is not None and self.due_at < at
