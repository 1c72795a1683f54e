"""How the outside addresses of notices answered when they were last tried."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.policies.models.notices import PolicyNotice


class LinkState(models.Model):
    """One address of one notice; two failures on end are told to the publisher, once.

    `error` is the code of the last failure (`services.policies.links`), empty while the address answers.
    """

    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="links", verbose_name=_("notice")
    )
    url = models.CharField(_("address"), max_length=500)
    failures = models.PositiveSmallIntegerField(_("failures on end"), default=0)
    error = models.CharField(_("what went wrong"), max_length=20, blank=True)
    tried_at = models.DateTimeField(_("tried at"), null=True)
    told_at = models.DateTimeField(_("told at"), null=True)

    class Meta:
        verbose_name = _("outside link")
        verbose_name_plural = _("outside links")
        ordering = ["-failures", "pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "url"], name="link_once_a_notice")]
        indexes = [models.Index(fields=["tried_at"], name="link_tried")]

    def __str__(self) -> str:
        return self.url
