"""Addresses of a person's own feeds: what a calendar program reads without signing in."""

import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, Membership

# 128 bits: nobody guesses one.
_BYTES = 16


def new_secret() -> str:
    return secrets.token_urlsafe(_BYTES)


def stored(secret: str) -> str:
    """Return what the database keeps of a secret; the secret cannot be had from it again."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class FeedTokenQuerySet(models.QuerySet["FeedToken"]):
    def for_member(self, user: object) -> "FeedTokenQuerySet":
        """Return the person's own ones; those of a colleague are as absent as none."""
        return self.filter(user=user)

    def in_use(self) -> "FeedTokenQuerySet":
        return self.filter(revoked_at=None)

    def of_secret(self, secret: str) -> "FeedTokenQuerySet":
        """Return the one whose secret this is, while its person is active and a member."""
        members = Membership.objects.current().filter(
            user=models.OuterRef("user"), enterprise=models.OuterRef("enterprise")
        )
        return self.in_use().filter(models.Exists(members), secret_hash=stored(secret), user__is_active=True)


class FeedToken(models.Model):
    """Lets whoever has its address read which policies fit an enterprise, until it is revoked.

    The secret is shown once and kept only as a hash. `last_used_on` is written at most once a day.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("what for"), max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal feed")
        verbose_name_plural = _("personal feeds")
        indexes = [models.Index(fields=["user", "enterprise"], name="feed_token_of_person")]

    def __str__(self) -> str:
        return self.name
