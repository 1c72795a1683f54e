"""Who is away and who stands in, and how much one member of staff can carry."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        """Return the absences that cover `day`; first and last day count."""
        return self.filter(from_on__lte=day, to_on__gte=day)

    def of(self, user: Any) -> "AbsenceQuerySet":
        return self.filter(user=user)


class Absence(models.Model):
    """Days on which a member of staff is away; new work goes to the delegate, who must be at the desk."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("who is away")
    )
    from_on = models.DateField(_("first day away"))
    to_on = models.DateField(_("last day away"))
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("stands in"),
    )
    entered_at = models.DateTimeField(_("entered at"), db_default=Now())

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-from_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=models.Q(to_on__gte=models.F("from_on"))
            ),
            models.CheckConstraint(
                name="absence_delegate_is_another",
                condition=models.Q(delegate=None) | ~models.Q(delegate=models.F("user")),
            ),
        ]
        indexes = [models.Index(fields=["user", "to_on"], name="absence_of_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.from_on} – {self.to_on}"


class WorkloadCap(models.Model):
    """How many open requests one member of staff holds at most; without a row there is no limit."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    limit = models.PositiveSmallIntegerField(_("open requests at most"))

    class Meta:
        verbose_name = _("workload limit")
        verbose_name_plural = _("workload limits")
        constraints = [
            models.CheckConstraint(name="workload_at_least_one", condition=models.Q(limit__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.limit}"
