"""What came of a service half a year later, as far as the enterprise cares to say."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import money
from services.requests.models.requests import ServiceRequest


class Effect(models.Model):
    """The question what came of one request, and its answer; every figure may stay open: that is not none.

    `obtained_fen` is money the enterprise obtained with the help of the service, `jobs` the jobs it led to.
    """

    class Level(models.TextChoices):
        ROSE = "rose", pgettext_lazy("digital level", "It has risen")
        SAME = "same", pgettext_lazy("digital level", "It is the same")
        FELL = "fell", pgettext_lazy("digital level", "It has fallen")

    service_request = models.OneToOneField(
        ServiceRequest, on_delete=models.CASCADE, related_name="effect", verbose_name=_("request")
    )
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    obtained_fen = models.BigIntegerField(_("money obtained (fen)"), null=True)
    level = models.CharField(_("digital level"), max_length=5, choices=Level.choices, blank=True)
    jobs = models.PositiveIntegerField(_("jobs it led to"), null=True)
    words = models.TextField(_("in the enterprise's words"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("effect of a service")
        verbose_name_plural = _("effects of services")
        constraints = [
            models.CheckConstraint(
                name="effect_open_says_nothing",
                condition=models.Q(answered_at__isnull=False)
                | models.Q(obtained_fen=None, jobs=None, level="", words=""),
            ),
            models.CheckConstraint(
                name="effect_money_counts",
                condition=models.Q(obtained_fen=None) | models.Q(obtained_fen__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_request}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def obtained(self) -> str:
        """Return the money as a figure in 10 000 yuan; '' while it is open."""
        return "" if self.obtained_fen is None else money.in_wan(self.obtained_fen)
