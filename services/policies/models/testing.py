"""Test enterprises of an item: facts made up by the author, and the verdict they must get."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.policies.models.items import PolicyItem


class ItemExample(models.Model):
    """One made-up enterprise; `facts` holds fact code → value as `enterprises.facts.stored` writes it.

    A recognition that is not among the facts counts as not held.
    """

    class Expected(models.TextChoices):
        MET = "met", _("qualifies")
        NOT_MET = "not_met", _("does not qualify")
        UNKNOWN = "unknown", _("cannot be told")

    item = models.ForeignKey(PolicyItem, on_delete=models.CASCADE, related_name="examples")
    label = models.CharField(_("name"), max_length=100)
    facts = models.JSONField(default=dict)
    expected = models.CharField(_("expected verdict"), max_length=10, choices=Expected.choices)
    note = models.CharField(_("why"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("test enterprise")
        verbose_name_plural = _("test enterprises")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="example_known_verdict",
                condition=models.Q(expected__in=["met", "not_met", "unknown"]),
            ),
        ]

    def __str__(self) -> str:
        return self.label
