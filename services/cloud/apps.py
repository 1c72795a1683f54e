"""Cloud onboarding: providers and products, readiness and plan, vouchers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CloudConfig(AppConfig):
    name = "services.cloud"
    verbose_name = _("Cloud onboarding")
