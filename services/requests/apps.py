"""Requests and questions: ask, triage, answer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "services.requests"
    label = "service_requests"
    verbose_name = _("Requests")
