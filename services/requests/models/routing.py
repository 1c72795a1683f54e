"""The rules that put a request into its queue, and why each request went where it is."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from enterprises.models import Region
from services.catalogue.models import Group, Offering
from services.requests.models.requests import ServiceRequest


class RoutingRule(models.Model):
    """One rule of the table; rules are tried by position, the first that matches decides.

    An empty condition asks for nothing. `words` are separated by blanks, any of them is enough. `criteria`
    is a list as `enterprises.criteria` reads it; only what is met counts, unknown facts do not match.
    """

    position = models.PositiveSmallIntegerField(_("position"), default=100)
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("in use"), default=True)
    group = models.CharField(_("catalogue group"), max_length=30, choices=Group.choices, blank=True)
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("service")
    )
    words = models.CharField(_("words in the subject"), max_length=200, blank=True)
    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("region, with all below it"),
    )
    criteria = models.JSONField(_("conditions on the enterprise"), default=list, blank=True)
    to_group = models.CharField(_("into the queue"), max_length=30, choices=Group.choices, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("to this person"),
    )
    team = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("told to this team")
    )

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class RoutingChoice(models.Model):
    """Why a request went where it went: each rule that was looked at, in order, with the reason.

    `looks` holds {"rule": number, "name": text, "why": code, "about": code}; see `routing.Look`.
    """

    service_request = models.OneToOneField(
        ServiceRequest, on_delete=models.CASCADE, related_name="routing_choice"
    )
    rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.SET_NULL, related_name="+")
    looks = models.JSONField(default=list)
    chosen_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("routing choice")
        verbose_name_plural = _("routing choices")

    def __str__(self) -> str:
        return f"{self.service_request} → {self.rule or '–'}"
