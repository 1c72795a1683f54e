"""Run every periodic task once, here and now: demonstrations and tests need no broker and no beat."""

from typing import Any

from celery.exceptions import NotRegistered
from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications.outbox import DELIVER
from portal.celery import BEAT, app


class Command(BaseCommand):
    help = "Run every periodic task once, deliveries last. Names may be given to run only those."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="name", help="room.task as in the beat table")

    def handle(self, *args: Any, **options: Any) -> None:
        app.loader.import_default_modules()
        names = options["names"] or sorted(BEAT, key=lambda name: name == DELIVER)
        unknown = [name for name in names if name not in BEAT]
        if unknown:
            raise CommandError(f"not in the beat table: {', '.join(unknown)}")
        failed = [name for name in names if not self.run_one(name)]
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")

    def run_one(self, name: str) -> bool:
        """Run one task; what it raises is shown, and the others still run."""
        try:
            result = app.tasks[name]()
        except NotRegistered:
            self.stderr.write(f"{name}: no such task")
            return False
        except Exception as error:  # noqa: BLE001 - one task's trouble is not the others'
            self.stderr.write(f"{name}: {type(error).__name__}: {error}")
            return False
        self.stdout.write(f"{name}: {'' if result is None else result}".rstrip())
        return True
