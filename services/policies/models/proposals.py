"""What a source says otherwise than a notice: one field each, waiting to be accepted or declined."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.policies.models.items import PolicyItem
from services.policies.models.notices import PolicyNotice


class FieldProposal(models.Model):
    """One field of a sheet that differs from a notice that is there already.

    `field` is a column of `intake`, `value` what its cell says as JSON, `digest` the hash of both: what was
    accepted or declined once never waits again, however often the same sheet is sent. `item` is the item
    the column speaks of; the field "item" proposes a whole new one, with its columns as the value. The state
    moves only through `services.policies.lifecycle.PROPOSAL`.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "waits")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
        DECLINED = "declined", pgettext_lazy("proposal", "left as it is")

    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("notice")
    )
    item = models.ForeignKey(
        PolicyItem,
        null=True,
        on_delete=models.CASCADE,
        related_name="proposals",
        verbose_name=pgettext_lazy("policy", "item"),
    )
    field = models.CharField(_("field"), max_length=40)
    value: Any = models.JSONField(_("what the source says"))
    digest = models.CharField(max_length=64, editable=False)
    row = models.PositiveIntegerField(_("row of the sheet"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False
    )
    proposed_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("sheet sent by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), db_default=Now())

    class Meta:
        verbose_name = _("change proposed by a source")
        verbose_name_plural = _("changes proposed by sources")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "item", "field", "digest"],
                name="proposal_once_per_value",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="proposal_known_state",
                condition=models.Q(state__in=["open", "accepted", "declined"]),
            ),
        ]
        indexes = [models.Index(fields=["notice"], name="proposal_open", condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.notice}: {self.field}"
