"""Start everything the portal needs on this machine, and stop it again."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management import get_commands
from django.core.management.base import BaseCommand

from portal import local
from portal.servers.files import ServerError, private_directory, state_lock, tail
from portal.servers.postgres import Postgres
from portal.servers.process import die_with_parent
from portal.servers.valkey import Valkey
from portal.supervisor import Household, Part

READY_SECONDS = 60


class Command(BaseCommand):
    """Run web, worker and beat, with servers of our own where the environment names none.

    The story is `up`; everything else is a detail of it.
    """

    help = "Start the portal on this machine: database, broker, web, worker and beat. Ctrl-C stops all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        sample = parser.add_mutually_exclusive_group()
        sample.add_argument(
            "--sample", action="store_true", help="load sample data into your own DATABASE_URL"
        )
        sample.add_argument("--no-sample", action="store_true", help="leave the sample data out")

    def handle(self, *args: Any, **options: Any) -> None:
        self.state = private_directory(local.state_dir().resolve())
        self.embedded = os.environ["DATABASE_URL"] == local.NOT_YET
        self.wants_sample = options["sample"] or (self.embedded and not options["no_sample"])
        self.port = os.environ.get("PORT", "8000")
        self.host = os.environ.get("HOST", "127.0.0.1")
        os.umask(0o077)
        try:
            with state_lock(self.state), self.published(), Household(self.say) as household:
                self.up(household)
                household.watch()
        except KeyboardInterrupt:
            self.say("Stopped.")
        except ServerError as trouble:
            self.fail(str(trouble))
        except OSError as trouble:
            if trouble.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS}:
                raise
            self.fail(f"{trouble.strerror}: {trouble.filename or self.state}")

    def up(self, household: Household) -> None:
        """Bring everything up in order and say what happens."""
        began = time.monotonic()
        refuse_busy_port(self.host, self.port)
        self.environment = self.build_environment(household)
        local.publish(self.state, {name: self.environment[name] for name in self.shared_names})
        self.prepare_data()
        with self.step(f"web on {self.host}:{self.port}, worker and beat"):
            for name, arguments in self.parts().items():
                household.add(self.part(name, arguments))
            self.wait_until_ready(household)
        self.say(f"Ready after {time.monotonic() - began:.1f} s. Ctrl-C stops everything.\n")
        self.say_where()

    shared_names = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "STATE_DIR", "SAMPLE_DATA")

    @contextmanager
    def published(self) -> Iterator[None]:
        """Take back the addresses of this run when it is over."""
        try:
            yield
        finally:
            local.running_file(self.state).unlink(missing_ok=True)

    def build_environment(self, household: Household) -> dict[str, str]:
        """Return the environment of all parts, having started the servers it names."""
        environment = dict(os.environ)
        if self.embedded:
            with self.step("PostgreSQL"):
                postgres = Postgres(self.state / "postgres", log=self.log("postgres"))
                household.add(postgres)
                environment["DATABASE_URL"] = postgres.url
        if "REDIS_URL" not in os.environ:
            with self.step("Valkey"):
                valkey = Valkey(self.state / "valkey", log=self.log("valkey"))
                household.add(valkey)
                environment["REDIS_URL"] = valkey.url
        environment["STATE_DIR"] = str(self.state)
        environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        environment["PYTHONUNBUFFERED"] = "1"
        environment.setdefault("PUBLIC_URL", f"http://localhost:{self.port}")
        environment.setdefault("SAMPLE_DATA", "true" if self.wants_sample else "false")
        private_directory(self.state / "mail")
        return environment

    def prepare_data(self) -> None:
        """Bring tables, reference data and static files up to date, unless an earlier start has."""
        now = local.fingerprint()
        stamp = self.state / "postgres" / "prepared"
        if not (self.embedded and stamp.exists() and stamp.read_text() == now):
            owner = ["--database", "owner"] if os.environ.get("MIGRATION_DATABASE_URL") else []
            self.run("database tables", "migrate", "--noinput", *owner)
            self.run("reference data", "seed_reference")
            self.run("static files", "collectstatic", "--noinput", "--clear")
            if self.embedded:
                stamp.write_text(now)
        if self.wants_sample and not self.sign_ins.exists():
            self.run("sample data", "seed_sample")

    def run(self, title: str, command: str, *arguments: str) -> None:
        """Run one of our commands in a process of its own, which can read the settings by now."""
        if command not in get_commands():
            return
        # A migration waits less than half a second for its lock: everyone else queues up behind it (F-12).
        limits = {"DATABASE_STATEMENT_TIMEOUT_MS": "0", "DATABASE_LOCK_TIMEOUT_MS": "400"}
        log = self.log("prepare")
        with self.step(title):
            done = subprocess.run(  # noqa: S603 - our own command
                [sys.executable, local.PROJECT / "manage.py", command, *arguments],
                env=self.environment | limits,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
            log.write_bytes(done.stdout + done.stderr)
            if done.returncode:
                raise ServerError(f"manage.py {command} failed. {log} ends:\n{tail(log)}")

    def parts(self) -> dict[str, list[str]]:
        """Return the processes of the portal and how each is called."""
        web = ["gunicorn", "portal.wsgi:application", "--bind", f"{self.host}:{self.port}"]
        web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
        worker = ["celery", "-A", "portal.celery", "worker", "-c", "2", "-l", "INFO", "--without-gossip"]
        beat = ["celery", "-A", "portal.celery", "beat", "-l", "INFO", "--pidfile="]
        return {"web": web, "worker": worker, "beat": beat}

    def part(self, name: str, arguments: list[str]) -> Part:
        return Part(name, arguments, environment=self.environment, log=self.log(name))

    def wait_until_ready(self, household: Household) -> None:
        """Return when the portal answers that its database and its tables are there."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            household.check()
            if time.monotonic() > deadline:
                raise ServerError(f"No answer within {READY_SECONDS} s. web ends:\n{tail(self.log('web'))}")
            time.sleep(0.2)

    def is_ready(self) -> bool:
        host = urlsplit(self.environment["PUBLIC_URL"]).netloc
        address = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        url = f"http://{address}:{self.port}/readyz"
        try:
            request = urllib.request.Request(url, headers={"Host": host})
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own http address
                return bool(answer.status == 200)
        except OSError:
            return False

    def say_where(self) -> None:
        """Print the addresses, and the sample sign-ins when there are any."""
        public = self.environment["PUBLIC_URL"]
        for what, path in {"中文": "/", "English": "/en/", "Desk": "/admin/"}.items():
            self.say(f"  {what:8} {public}{path}")
        self.say(f"  {'Logs':8} {self.state / 'logs'}")
        if "EMAIL_URL" not in os.environ:
            self.say(f"  {'Mail':8} {self.state / 'mail'} (files; set EMAIL_URL to send)")
        if self.wants_sample and self.sign_ins.exists():
            self.say(f"\n{self.sign_ins.read_text().rstrip()}")

    def say(self, line: str, ending: str = "\n") -> None:
        """Write a line at once, to a file or a pipe as well."""
        self.stdout.write(line, ending=ending)
        self.stdout.flush()

    @property
    def sign_ins(self) -> Path:
        return self.state / "sample-sign-ins.txt"

    def log(self, name: str) -> Path:
        return private_directory(self.state / "logs") / f"{name}.log"

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Say what is being done, and how long it took."""
        began = time.monotonic()
        self.say(f"· {title} … ", ending="")
        try:
            yield
        except BaseException:
            self.say("")
            raise
        self.say(f"{time.monotonic() - began:.1f} s")

    def fail(self, message: str) -> None:
        self.stderr.write(message)
        sys.exit(1)


def refuse_busy_port(host: str, port: str) -> None:
    """Raise ServerError when nobody could open this port here, before anything has been started."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ServerError(f"PORT is {port}: it must be a number from 1 to 65535.")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(port)))
    except OSError as trouble:
        raise ServerError(
            f"Port {port} cannot be used ({trouble.strerror}): choose another, PORT=8001 bin/start."
        ) from None
