"""How often the page of a notice was opened, by day; nothing of who opened it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.policies.models.notices import PolicyNotice


class NoticeReading(models.Model):
    """So many times a public notice was opened on a day, in either language."""

    notice = models.ForeignKey(PolicyNotice, on_delete=models.CASCADE, related_name="readings")
    day = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("readings of a notice")
        verbose_name_plural = _("readings of notices")
        constraints = [models.UniqueConstraint(fields=["notice", "day"], name="reading_once_a_day")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.day}: {self.times}"
