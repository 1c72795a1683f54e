"""The roof: pages that cross rooms, and the desk's own admin site."""

from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

from portal.celery import app as celery_app

__all__ = ["DeskConfig", "PortalConfig", "celery_app"]


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal.merging import register_rooms  # noqa: PLC0415 - models are ready only now

        register_rooms()


class DeskConfig(AdminConfig):
    """Use our desk in place of the default site, without the tables of the sign-in library."""

    default_site = "portal.admin_site.Desk"

    def ready(self) -> None:
        super().ready()
        # Addresses, second factors and sessions are changed by their owner; staff act on the person.
        for label in ("account", "mfa", "usersessions"):
            for model in apps.get_app_config(label).get_models():
                if admin.site.is_registered(model):
                    admin.site.unregister(model)
