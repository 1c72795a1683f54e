"""Robots of group chats (WeCom, DingTalk, Feishu) that tell a team what its members are told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class RobotQuerySet(models.QuerySet["Robot"]):
    def telling(self, kind: str) -> "RobotQuerySet":
        """Return the robots in use that tell this kind."""
        return self.filter(is_active=True, kinds__contains=[kind]).order_by("id")


class Robot(models.Model):
    """One robot of one group chat; its key, and the secret it signs with, are sealed (`core.sealing`).

    It tells each matter once, when one of `people` is told of it; whoever is told when nobody is named.
    `error` is the last refusal for good, '' after a success.
    """

    class Provider(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    name = models.CharField(_("name of the group"), max_length=60)
    provider = models.CharField(_("chat service"), max_length=10, choices=Provider.choices)
    sealed_key = models.TextField(editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    kinds = models.JSONField(_("what it tells"), default=list)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("told to one of these people")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    error = models.CharField(_("last refusal"), max_length=300, blank=True, editable=False)
    failed_at = models.DateTimeField(_("refused at"), null=True, editable=False)
    entered_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RobotQuerySet.as_manager()

    class Meta:
        verbose_name = _("robot of a group")
        verbose_name_plural = _("robots of groups")
        permissions = [("try_robot", _("Can have a robot tell a trial message"))]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Return what stands for this robot as the reader of a notification."""
        return f"{ADDRESS}{self.pk}"


ADDRESS = "robot:"


def number_in(address: Any) -> int | None:
    """Return the number of the robot an address stands for; None for any other address."""
    text = str(address).removeprefix(ADDRESS)
    return int(text) if str(address).startswith(ADDRESS) and text.isdecimal() and len(text) < 19 else None
