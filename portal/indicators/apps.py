"""Indicators: what the portal measures of itself, and the targets of the plan."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "portal.indicators"
    verbose_name = _("Indicators")
