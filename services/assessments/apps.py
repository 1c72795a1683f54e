"""Digital-factory assessments: fill in, score, report, compare, advise."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "services.assessments"
    verbose_name = _("Digital factory")
