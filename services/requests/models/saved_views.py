"""Views of the queue that staff have saved under a name, for themselves or for everybody at the desk."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def for_desk_of(self, user: Any) -> "SavedViewQuerySet":
        """Return one's own views, and those a lead has shared; shared ones first."""
        return self.filter(models.Q(owner=user) | models.Q(is_shared=True)).order_by("-is_shared", "id")


class SavedView(models.Model):
    """A name for an address of the queue; `query` is tidied by `services.requests.saved_views`."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=300)
    is_shared = models.BooleanField(_("for everybody at the desk"), default=False)
    saved_at = models.DateTimeField(db_default=Now())

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="saved_view_shared", condition=models.Q(is_shared=True)),
        ]

    def __str__(self) -> str:
        return self.name
