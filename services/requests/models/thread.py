"""What was said in a request, and who had it."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from services.requests.models.requests import ServiceRequest


class Message(models.Model):
    """One entry of the thread; an internal note is never shown to the enterprise."""

    class Side(models.TextChoices):
        OWNER = "owner", _("enterprise")
        STAFF = "staff", _("staff")
        SYSTEM = "system", _("system")

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(_("from"), max_length=10, choices=Side.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_internal = models.BooleanField(_("internal note"), default=False)
    text = models.TextField(_("text"), max_length=4000)
    asks = models.JSONField(_("what is asked for"), default=list, blank=True)
    written_at = models.DateTimeField(_("written at"), db_default=Now())

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="message_note_is_staffs", condition=models.Q(is_internal=False) | models.Q(side="staff")
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def in_basket(self, basket: str) -> "AttachmentQuerySet":
        """Return what waits beside one form that is still being filled in; '' is the draft itself."""
        return self.filter(message=None, basket=basket)

    def left_before(self, at: datetime) -> "AttachmentQuerySet":
        """Return what was added before `at` beside a form that was never sent; drafts keep theirs."""
        return self.filter(message=None, added_at__lt=at).exclude(basket="")

    def sent(self) -> "AttachmentQuerySet":
        """Return what stands in the thread, notes of the staff left out."""
        return self.filter(message__is_internal=False)

    def blocked(self) -> "AttachmentQuerySet":
        """Return what the scanner has blocked and nobody was told of yet."""
        return self.filter(file__scan=StoredFile.Scan.INFECTED, told_at=None)


class Attachment(models.Model):
    """A file of the thread; before it is sent it waits in the basket of its form (or, '', in the draft).

    `item` is the item of the checklist it answers, counted from 1.
    """

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    basket = models.CharField(max_length=64, blank=True)
    item = models.PositiveSmallIntegerField(null=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="attachment_sent_or_in_basket",
                condition=models.Q(message=None) | models.Q(basket=""),
            ),
        ]

    def __str__(self) -> str:
        return self.file.name


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def tasks(self) -> "AssignmentQuerySet":
        """Return what was given to colleagues beside the holder, whatever became of it."""
        return self.exclude(state=Assignment.State.HELD)

    def given(self) -> "AssignmentQuerySet":
        """Return the tasks that colleagues still work at."""
        return self.filter(state=Assignment.State.GIVEN)

    def on_desk_of(self, user: Any) -> "AssignmentQuerySet":
        """Return the tasks a member of staff may see: their own, and those of requests on their desk."""
        seen = ServiceRequest.objects.on_desk_of(user)
        return self.tasks().filter(models.Q(holder=user) | models.Q(service_request__in=seen))

    def to_remind_of(self, at: datetime) -> "AssignmentQuerySet":
        """Return tasks whose day has passed and of which nobody was reminded yet."""
        return self.given().filter(due_at__lt=at, reminded_at=None)


class Assignment(models.Model):
    """One person's share of a request: the whole of it (held, until when), or one task beside the holder.

    A task is answered, declined or called back; only then has it an end. The enterprise never reads of it.
    `due_at` is the end of a day in Asia/Shanghai.
    """

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("state of an assignment", "has the request")
        GIVEN = "given", pgettext_lazy("state of an assignment", "working at it")
        ANSWERED = "answered", pgettext_lazy("state of an assignment", "answered")
        DECLINED = "declined", pgettext_lazy("state of an assignment", "declined")
        CALLED_BACK = "called_back", pgettext_lazy("state of an assignment", "called back")

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="assignments")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("given to")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("given by"),
    )
    assigned_at = models.DateTimeField(_("given at"), db_default=Now())
    ended_at = models.DateTimeField(_("ended at"), null=True)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=State.choices,
        default=State.HELD,
        db_default=State.HELD,
        editable=False,
    )
    task = models.TextField(_("task"), max_length=1000, blank=True, db_default="")
    answer = models.TextField(_("answer"), max_length=4000, blank=True, db_default="")
    due_at = models.DateTimeField(_("due"), null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        # Who merely holds a request is never listed by itself: at the desk these are the tasks.
        verbose_name = _("task in a request")
        verbose_name_plural = _("tasks in requests")
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"],
                condition=models.Q(ended_at=None, state="held"),
                name="assignment_one_holder_at_a_time",
            ),
            models.CheckConstraint(
                name="assignment_task_is_said", condition=models.Q(state="held") | ~models.Q(task="")
            ),
            models.CheckConstraint(
                name="assignment_task_ends_with_its_state",
                condition=models.Q(state="held")
                | models.Q(state="given", ended_at=None)
                | (~models.Q(state="given") & models.Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder", "due_at"], name="assignment_task_given", condition=models.Q(state="given")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_request} {self.holder}"

    @property
    def is_given(self) -> bool:
        return self.state == self.State.GIVEN


class DroppedDraft(models.Model):
    """A draft that was dropped or has run out, so that its owner's old link says so."""

    key = models.UUIDField(primary_key=True)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    dropped_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.key)


class Follower(models.Model):
    """A colleague who gets the letters of a request beside whoever asked."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(fields=["service_request", "user"], name="follower_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.service_request}"
