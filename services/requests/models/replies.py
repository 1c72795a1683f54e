"""Replies that are written often, kept once, in both languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.catalogue.models import Group, Offering


class SavedReply(models.Model):
    """A text for one purpose, with variables in braces; see `services.requests.replies`."""

    class Purpose(models.TextChoices):
        REPLY = "reply", _("reply to the enterprise")
        ASK = "ask", _("ask for papers")
        RESOLVE = "resolve", _("close as done")
        REFUSE = "refuse", _("return with reason")

    title = models.CharField(_("title"), max_length=100)
    purpose = models.CharField(_("for"), max_length=10, choices=Purpose.choices)
    group = models.CharField(_("catalogue group"), max_length=30, choices=Group.choices, blank=True)
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("service")
    )
    text_zh = models.TextField(_("Chinese text"), max_length=2000)
    text_en = models.TextField(_("English text"), max_length=3000)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
