"""Print the sign-in code a sample person's app would show now."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor
from accounts.models import User


class Command(BaseCommand):
    """Works for sample people only, and only where sample data is on."""

    help = "Print the present sign-in code of a sample person, for instance chen@triage.example."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the sample person's address")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email.strip(), is_sample=True).first()
        if not settings.SAMPLE_DATA or user is None:
            raise CommandError("Codes are printed for people of the sample data only, with SAMPLE_DATA=true.")
        try:
            self.stdout.write(second_factor.current_code(user))
        except Authenticator.DoesNotExist:
            raise CommandError(f"{email} signs in with the password alone.") from None
