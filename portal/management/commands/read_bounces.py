"""Take up messages that came back: a mail server pipes them in, or a folder of them is read."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications import actions, bounces


class Command(BaseCommand):
    help = (
        "Record mails that came back (RFC 3464): one on standard input, or files and folders of them."
        " Read files stay where they are; reading one again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="path", help="a file or a folder of messages")

    def handle(self, *args: Any, **options: Any) -> None:
        raws = list(self.messages(options["paths"]))
        recorded = others = 0
        for raw in raws:
            try:
                recorded += sum(actions.record_bounce(bounce) for bounce in bounces.read(raw))
            except bounces.NotABounce as reason:
                others += 1
                self.stderr.write(f"left alone: {reason}")
        self.stdout.write(f"{recorded} recorded, {others} of {len(raws)} messages were no reports")

    def messages(self, paths: list[str]) -> Any:
        """Yield the raw messages."""
        if not paths:
            yield sys.stdin.buffer.read(bounces.LONGEST + 1)
        for given in map(Path, paths):
            if not given.exists():
                raise CommandError(f"{given} does not exist")
            for path in sorted(given.iterdir()) if given.is_dir() else [given]:
                if path.is_file():
                    yield path.read_bytes()
