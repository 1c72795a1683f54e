"""What an enterprise agreed that the provider of a service may be given, for one request."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from services.catalogue.models import Provider
from services.requests.models.requests import ServiceRequest


class Part(models.TextChoices):
    """What can be handed over, each agreed to by itself."""

    WORDS = "words", _("What you asked for, with your answers")
    CONTACT = "contact", _("Contact person, phone and e-mail address")
    IDENTITY = "identity", _("Name and credit code of the enterprise")
    FILES = "files", _("Files you sent with the request")


class SharingQuerySet(models.QuerySet["Sharing"]):
    def standing(self) -> "SharingQuerySet":
        return self.filter(revoked_at=None)


class Sharing(models.Model):
    """One agreement: with whom, which parts, from when, and until it was taken back; kept as a record."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="sharings")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(default=list)
    agreed_at = models.DateTimeField(db_default=Now())
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SharingQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement to hand over")
        verbose_name_plural = _("agreements to hand over")
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"],
                condition=models.Q(revoked_at=None),
                name="sharing_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_request} → {self.provider}"

    @property
    def words(self) -> list[str]:
        """Return what may be handed over, in words."""
        return [str(Part(code).label) for code in self.parts if code in Part.values]
