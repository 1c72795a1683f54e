"""Who signs in: user, staff roles."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        post_migrate.connect(sync_roles, sender=self, dispatch_uid="accounts.sync_roles")


def sync_roles(using: str, **_kwargs: Any) -> None:
    """Bring the groups up to the role table; migrate has no other way to call us."""
    from accounts import roles  # noqa: PLC0415 - models are ready only now

    if "auth_permission" in connections[using].introspection.table_names():
        roles.sync(using)
