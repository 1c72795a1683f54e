"""Industrial services: platforms and parks, solutions with cases, events, the board of needs, partners."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndustryConfig(AppConfig):
    name = "services.industry"
    label = "industry"
    verbose_name = _("Industrial services")
