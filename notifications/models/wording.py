"""Texts of notifications written at the desk, which stand before those that came with the release."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class TextVersion(models.Model):
    """One wording of one kind in one language; never altered once used, so it can be shown for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("in use")
        RETIRED = "retired", _("no longer used")

    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.PositiveIntegerField(_("version"), default=1, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("wording of a message")
        verbose_name_plural = _("wordings of messages")
        permissions = [("use_text", _("Can put a wording into use"))]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language"], condition=models.Q(state="active"), name="text_one_in_use"
            ),
            models.UniqueConstraint(fields=["kind", "language", "number"], name="text_version_once"),
            models.CheckConstraint(
                name="text_known_state", condition=models.Q(state__in=["draft", "active", "retired"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.number}"
