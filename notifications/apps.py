"""How anyone is told: kinds, outbox, channels."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from core import rehearsal  # noqa: PLC0415 - models are ready only now
        from notifications import rehearsing  # noqa: PLC0415 - as above

        autodiscover_modules("notifications")
        rehearsal.listen(rehearsing.mark, rehearsing.hear)
