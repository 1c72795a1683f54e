"""The ladder a late request climbs; each step is a row, so each is taken once for one due date."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from services.requests.models.requests import ServiceRequest


class Escalation(models.Model):
    """One step taken for one due date: a request that gets a new date begins a new ladder."""

    class Step(models.TextChoices):
        WARNED = "warned", _("warned: four fifths of the time have passed")
        OVERDUE = "overdue", _("overdue: told to whoever has it")
        LEAD = "lead", _("one working day late: told to the lead")
        REASSIGN = "reassign", _("three working days late: the lead is asked to reassign it")

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="escalations")
    step = models.CharField(max_length=10, choices=Step.choices)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service_request", "step", "due_at"], name="escalation_step_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_request} {self.step}"
