"""Two requests that became one, with what was moved, so that it can be undone for some days."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from services.requests.models.requests import ServiceRequest

UNDO_DAYS = 7


class MergeQuerySet(models.QuerySet["Merge"]):
    def to_undo(self, at: datetime) -> "MergeQuerySet":
        """Return what may still be undone at a moment: for seven days, and once."""
        return self.filter(undone_at=None, merged_at__gte=at - timedelta(days=UNDO_DAYS))


class Merge(models.Model):
    """`joined` was joined to `kept`; `moved` holds the numbers of the rows that went over, by relation."""

    kept = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="merges")
    joined = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="joinings")
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(db_default=Now())
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(
                fields=["joined"], condition=models.Q(undone_at=None), name="merge_joined_once"
            ),
            models.CheckConstraint(
                name="merge_of_two_requests", condition=~models.Q(kept=models.F("joined"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joined} → {self.kept}"
