"""The person who signs in, by e-mail address."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; the address is stored in lower case. Without a password none can be used."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Enterprises are joined through memberships; staff rights come from groups."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name of the person"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    password_set_at = models.DateTimeField(_("password set at"), db_default=Now(), editable=False)
    is_staff = models.BooleanField(_("works at the desk"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    privacy_version = models.CharField(_("accepted privacy text"), max_length=20, blank=True)
    privacy_accepted_at = models.DateTimeField(_("privacy text accepted at"), null=True)
    date_joined = models.DateTimeField(_("joined at"), db_default=Now())
    closed_at = models.DateTimeField(_("account closed at"), null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people with an account")
        permissions = [("act_as", _("Can look at the portal as a person of an enterprise"))]
        # Whoever tells the staff asks for a handful among a million.
        indexes = [models.Index(fields=["id"], name="user_staff", condition=models.Q(is_staff=True))]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                name="user_privacy_set_together",
                condition=models.Q(privacy_version="", privacy_accepted_at=None)
                | (~models.Q(privacy_version="") & models.Q(privacy_accepted_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(_("a closed account")) if self.closed_at else self.name or self.email

    def set_password(self, raw_password: str | None) -> None:
        """Take a new password, and note when."""
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.split("@")[0]
