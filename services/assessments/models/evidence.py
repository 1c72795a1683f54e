"""What an enterprise puts beside an answer to prove it: a file or a link, private by default."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from services.assessments.models.rounds import Assessment


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def blocked(self) -> EvidenceQuerySet:
        """Return the files the scanner has blocked and nobody has been told of."""
        return self.filter(file__scan=StoredFile.Scan.INFECTED, told_at=None)


class Evidence(models.Model):
    """One file or one link beside an item of a round; read by the enterprise and the experts who verify.

    It counts nothing: scores come from answers alone. It never stands in a shared report or a PDF.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    item = models.CharField(max_length=20)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    link = models.URLField(max_length=500, blank=True)
    note = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_file_or_link",
                condition=models.Q(file__isnull=False, link="")
                | (models.Q(file__isnull=True) & ~models.Q(link="")),
            ),
        ]
        indexes = [models.Index(fields=["assessment", "item"], name="evidence_by_item")]

    def __str__(self) -> str:
        return self.file.name if self.file else self.link
