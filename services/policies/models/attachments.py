"""The files that belong to a notice: forms to fill in, tables, the scanned original."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from services.policies.models.notices import PUBLIC_STATES, PolicyNotice


class NoticeAttachmentQuerySet(models.QuerySet["NoticeAttachment"]):
    def public(self) -> NoticeAttachmentQuerySet:
        """Return what anyone may have: the files of public notices, those of earlier versions included."""
        return self.filter(notice__state__in=PUBLIC_STATES)

    def current(self) -> NoticeAttachmentQuerySet:
        """Return what belongs to the notice as it is now, in the order it is shown."""
        return self.filter(withdrawn_at=None).select_related("file").order_by("position", "pk")


class NoticeAttachment(models.Model):
    """One file of a notice, with the title readers see ('' : the name of the file).

    A correction points at the same file until somebody takes it out. What was public once is never deleted:
    it is withdrawn, so that earlier versions still show it.
    """

    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("notice")
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("attachment")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title_zh = models.CharField(_("Chinese title"), max_length=200, blank=True)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    added_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"), db_default=Now())
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = NoticeAttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment of a notice")
        verbose_name_plural = _("attachments of notices")
        constraints = [models.UniqueConstraint(fields=["notice", "file"], name="attachment_once_per_notice")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return (
            (self.title_en if translation.get_language() == "en" else "") or self.title_zh or self.file.name
        )
