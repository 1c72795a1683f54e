"""What was counted of published notices for those who make policy: how far each came, who misses narrowly."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.policies.models.items import PolicyItem
from services.policies.models.notices import PolicyNotice


class NoticeMeasureQuerySet(models.QuerySet["NoticeMeasure"]):
    def due(self, before: datetime) -> "NoticeMeasureQuerySet":
        """Return what was not counted since `before`, what was never counted first."""
        waiting = self.filter(Q(measured_at=None) | Q(measured_at__lt=before))
        return waiting.order_by(F("measured_at").asc(nulls_first=True), "pk")


class NoticeMeasure(models.Model):
    """How far a notice came when it was last counted; None until it was.

    The names are those of `services.policies.funnel.Funnel`. Written by `actions.measure_next` alone.
    """

    notice = models.OneToOneField(
        PolicyNotice, on_delete=models.CASCADE, related_name="measure", primary_key=True
    )
    matched = models.PositiveIntegerField(null=True)
    told = models.PositiveIntegerField(null=True)
    opened = models.PositiveIntegerField(null=True)
    asked = models.PositiveIntegerField(null=True)
    saved = models.PositiveIntegerField(null=True)
    applied = models.PositiveIntegerField(null=True)
    obtained = models.PositiveIntegerField(null=True)
    measured_at = models.DateTimeField(null=True)

    objects = NoticeMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of a notice")
        verbose_name_plural = _("measures of notices")
        indexes = [models.Index(F("matched").desc(nulls_last=True), "notice", name="measure_most_matched")]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.matched}"


class Barrier(models.Model):
    """How many enterprises meet every condition of an item but this one.

    `gate` is the condition as it is stored in the item (`core.criteria`), `place` its place among those that
    decide. Conditions on place and industry are left out: nobody moves house for them.
    """

    item = models.ForeignKey(PolicyItem, on_delete=models.CASCADE, related_name="barriers")
    place = models.PositiveSmallIntegerField()
    gate = models.JSONField()
    alone = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("barrier of an item")
        verbose_name_plural = _("barriers of items")
        constraints = [models.UniqueConstraint(fields=["item", "place"], name="barrier_once_per_condition")]
        indexes = [models.Index(fields=["-alone", "id"], name="barrier_most_alone")]

    def __str__(self) -> str:
        return f"{self.item_id}.{self.place}: {self.alone}"
