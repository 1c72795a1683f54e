"""Load what the portal cannot do without: regions, calendar, catalogue, directory, real policies."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from core.reference import load_calendar
from enterprises.actions.reference import load_reference
from services.assessments.actions import load_shipped
from services.catalogue.actions import load_starter_catalogue
from services.industry.actions import load_directory
from services.policies.actions import follow_regions
from services.policies.actions.synonyms import load_starter as load_starter_synonyms
from services.policies.importing import load_real_policies


class Command(BaseCommand):
    """Safe to repeat: what exists stays as staff have edited it."""

    help = "Load regions, industries, calendar, starter catalogue, directory and the real policy notices."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        load_reference()
        load_calendar()
        offerings = load_starter_catalogue()
        load_shipped()
        notices = load_real_policies()
        follow_regions()
        load_starter_synonyms()
        load_directory()
        self.stdout.write(f"Reference data stands; new: {offerings} offerings, {notices} notices.")
