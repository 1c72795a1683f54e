"""Make the first administrator of an installation without sample data."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts import actions


class Command(BaseCommand):
    """Print a one-time link to choose a password; the first sign-in then asks for a second factor."""

    help = "Make an administrator (no superuser) and print a one-time link to choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address to sign in with")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            validate_email(email)
            path = actions.make_first_administrator(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address.") from None
        except ValueError as error:
            raise CommandError(f"{error}.") from None
        self.stdout.write(f"Open this link once, within three days:\n{settings.PUBLIC_URL}{path}")
