"""Assessments in their rounds: who answered what, who may read a report, what an expert found."""

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from services.assessments.frameworks.schema import Framework
from services.assessments.models.banks import FrameworkVersion

# Without I, L, O and U, so that a reference can be read aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Draw a reference such as DF-7K3M-2Q9X; nobody can guess another one from it."""
    drawn = "".join(secrets.choice(_LETTERS) for _number in range(8))
    return f"DF-{drawn[:4]}-{drawn[4:]}"


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of an assessment", "In progress")
    FINISHED = "finished", pgettext_lazy("state of an assessment", "Finished")
    DISCARDED = "discarded", pgettext_lazy("state of an assessment", "Dropped")


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def for_member(self, user: Any) -> "AssessmentQuerySet":
        """Return the assessments of the enterprises this person acts for."""
        return self.filter(enterprise__in=Enterprise.objects.for_member(user)).exclude(state=State.DISCARDED)

    def in_scope_of(self, user: Any) -> "AssessmentQuerySet":
        """Return the finished assessments of the regions granted to a member of staff."""
        return self.finished().filter(enterprise__in=Enterprise.objects.in_scope_of(user))

    def finished(self) -> "AssessmentQuerySet":
        return self.filter(state=State.FINISHED)

    def drafts(self) -> "AssessmentQuerySet":
        return self.filter(state=State.DRAFT)

    def newest(self) -> "AssessmentQuerySet":
        """Return the newest finished round of every enterprise and question bank."""
        return self.finished().filter(is_latest=True)

    def current(self) -> "AssessmentQuerySet":
        """Return the newest finished rounds and the drafts."""
        return self.filter(models.Q(is_latest=True) | models.Q(state=State.DRAFT))

    def due_for_reminder(self, number: int, before: datetime) -> "AssessmentQuerySet":
        """Return the newest rounds finished before `before` that have had fewer than `number` reminders."""
        return self.newest().filter(finished_at__lt=before, reminders__lt=number)


class Assessment(models.Model):
    """One round: an enterprise answers one edition of a question bank.

    The state moves only through `services.assessments.lifecycle.ASSESSMENT`. While it is a draft the answers
    are rows of `Answer`; on finishing they are pinned in `answers` together with the `result`, and never
    change. `score` is the total with four decimals for lists and averages; the level was decided before
    rounding. `sector`, `size` and `region` are the facets of the day of finishing, '' where unknown.
    """

    State = State

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("enterprise")
    )
    version = models.ForeignKey(
        FrameworkVersion,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("question bank"),
    )
    code = models.CharField(_("question bank"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    round = models.PositiveSmallIntegerField(_("round"), null=True)
    started_at = models.DateTimeField(_("started at"), db_default=Now())
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    finished_at = models.DateTimeField(_("finished at"), null=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("declared true by"),
    )
    answers = models.JSONField(_("answers"), default=dict)
    result = models.JSONField(_("result"), null=True)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=4, null=True)
    level = models.PositiveSmallIntegerField(_("level"), null=True)
    sector = models.CharField(max_length=2, blank=True)
    size = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=6, blank=True)
    is_latest = models.BooleanField(default=False)
    reminders = models.PositiveSmallIntegerField(default=0)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        permissions = [
            ("verify_assessment", _("Can record what an expert found on a visit")),
            ("view_distribution", _("Can see how levels are spread")),
        ]
        constraints = [
            models.CheckConstraint(
                name="assessment_known_state",
                condition=models.Q(state__in=["draft", "finished", "discarded"]),
            ),
            models.CheckConstraint(
                name="assessment_finished_whole",
                condition=~models.Q(state="finished")
                | models.Q(
                    finished_at__isnull=False,
                    declared_by__isnull=False,
                    result__isnull=False,
                    score__isnull=False,
                    level__isnull=False,
                    round__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "code"],
                condition=models.Q(state="draft"),
                name="assessment_one_draft",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "code"],
                condition=models.Q(is_latest=True),
                name="assessment_one_latest",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "code", "round"],
                condition=models.Q(state="finished"),
                name="assessment_round_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["finished_at"],
                name="assessment_reminding",
                condition=models.Q(is_latest=True, reminders__lt=2),
            ),
            # For counting who has a lower score, without a look at the wide rows.
            models.Index(
                fields=["version", "sector", "size", "region", "score"],
                name="assessment_peers",
                condition=models.Q(is_latest=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def framework(self) -> Framework:
        return self.version.framework


class Answer(models.Model):
    """What one person answered to one item of a draft; several people may answer the same item."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answer_rows")
    item = models.CharField(max_length=20)
    respondent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    options = ArrayField(models.CharField(max_length=20))
    figures = models.JSONField(default=dict)
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item", "respondent"], name="answer_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {', '.join(self.options)}"


class SectionOwner(models.Model):
    """A colleague whose answers count in one section of a draft."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="section_owners")
    section = models.CharField(max_length=50)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "section"], name="section_one_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.user}"


class Share(models.Model):
    """A link by which someone without an account reads one report until it expires or is revoked."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="shares")
    note = models.CharField(max_length=60, blank=True)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.assessment} {self.note}"


class Verification(models.Model):
    """What an expert found on a visit, scene by scene with reasons; stands beside the self-assessment.

    `scenes` holds {scene: {"level": "2", "reason": "…"}} for the scenes that were graded; the others and the
    questions count as the enterprise answered them. Never changed; a later visit is another row.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="verifications")
    scenes = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=4)
    level = models.PositiveSmallIntegerField(_("level"), null=True)
    visited_on = models.DateField(_("visited on"))
    verified_at = models.DateTimeField(db_default=Now())
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.assessment} {self.visited_on}"
