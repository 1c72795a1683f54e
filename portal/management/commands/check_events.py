"""Check the chain over the record of events."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import chain


class Command(BaseCommand):
    help = "Check that no event was altered, removed or slipped in since it was sealed; fails naming them."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [str(finding) for finding in chain.check()]
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"the chain is broken at {len(found)} places")
        number, seal = chain.head()
        self.stdout.write(f"{number} events sealed, none altered. Head: {seal}")
