"""Personal data: taking it away, closing an account, and how long anything is kept."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonalDataConfig(AppConfig):
    name = "portal.personal_data"
    verbose_name = _("Personal data")
