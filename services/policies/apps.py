"""Policy notices: write, review, publish, match, tell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "services.policies"
    verbose_name = _("Policy services")
