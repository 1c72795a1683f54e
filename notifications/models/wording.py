"""Texts of notifications written at the desk, which stand before those that came with the release."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class TextVersion(models.Model):
    """One wording of one kind in one language; never altered once proposed, so it can be shown for ever.

    Four eyes: who has proposed it does not put it into use, unless a setting says otherwise.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed")
        ACTIVE = "active", _("in use")
        RETIRED = "retired", _("no longer used")

    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.PositiveIntegerField(_("version"), default=1, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
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
                name="text_known_state",
                condition=models.Q(state__in=["draft", "proposed", "active", "retired"]),
            ),
            models.CheckConstraint(
                name="text_proposed_by_somebody",
                condition=~models.Q(state="proposed") | models.Q(proposed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.number}"
