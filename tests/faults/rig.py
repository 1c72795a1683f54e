"""A whole portal of real processes for one experiment: web, worker, beat, broker, mail server, database."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from portal.servers.process import free_port
from portal.servers.valkey import Valkey
from portal.supervisor import Part
from tests.mailbox import Mailbox
from tests.source import PROJECT


@dataclass(frozen=True)
class Figures:
    """How long and how much; `bin/test faults` takes the figures of docs/reliability.md."""

    lease: int
    tick: int
    outage: float
    submits: int
    clients: int
    letters: int
    patience: float  # until everything must be delivered once the trouble is over


SHORT = Figures(lease=5, tick=1, outage=8, submits=60, clients=6, letters=60, patience=40)
FULL = Figures(lease=90, tick=60, outage=60, submits=500, clients=20, letters=200, patience=150)
FIGURES = FULL if os.environ.get("FAULTS") == "full" else SHORT


class Portal:
    """The processes of one experiment. `without` names a protection that is switched off in all of them."""

    def __init__(self, home: Path, database_url: str, static: Path, *, without: str = "") -> None:
        self.home = home
        self.port = free_port()
        self.database_url = database_url
        self.broker = Valkey(home / "valkey")
        self.mailbox = Mailbox()
        self.triggers = home / "triggers"
        self.triggers.mkdir()
        self.started: list[Part] = []
        self.stager: subprocess.Popen[str] | None = None
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PYTHONPATH": str(PROJECT),
            "PUBLIC_URL": f"http://localhost:{self.port}",
            "ALLOWED_HOSTS": "localhost",
            "DATABASE_URL": database_url,
            "STATE_DIR": str(home),
            "STATIC_ROOT": str(static),
            "EMAIL_URL": self.mailbox.url,
            # Every client comes from an address of its own, as behind a proxy.
            "TRUSTED_PROXIES": "1",
            "DELIVERY_LEASE_SECONDS": str(FIGURES.lease),
            "TICK_SECONDS": str(FIGURES.tick),
            "LOG_LEVEL": "INFO",
            "FAULT_WITHOUT": without,
            "FAULT_TRIGGERS": str(self.triggers),
        }

    def __enter__(self) -> "Portal":
        self.mailbox.start()
        self.broker.start()
        self.environment["REDIS_URL"] = self.broker.url
        return self

    def __exit__(self, *exception: object) -> None:
        for part in self.started:
            kill_group(part)
        if self.stager is not None:
            self.stager.communicate()
        self.broker.stop()
        self.mailbox.stop()

    def web(self) -> Part:
        """Start two web processes and return once they answer."""
        command = [
            "gunicorn",
            "portal.wsgi:application",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "2",
        ]
        part = self.run("web", *command, "--worker-class", "gthread", "--threads", "4", "--no-control-socket")
        eventually(lambda: b"Booting worker" in part.log.read_bytes(), 30, "web did not start")
        return part

    def worker(self, name: str = "worker") -> Part:
        """Start a worker with two pool processes and return once it is ready."""
        before = len(self.log_of(name))
        part = self.run(
            name, "celery", "-A", "portal.celery", "worker", "-c", "2", "-l", "INFO", "-n", f"{name}@%h"
        )
        eventually(lambda: " ready." in self.log_of(name)[before:], 30, f"{name} did not start")
        return part

    def beat(self, name: str = "beat") -> Part:
        """Start a beat; a second one keeps its own schedule file, as on another machine."""
        schedule = str(self.home / f"{name}-schedule")
        return self.run(
            name, "celery", "-A", "portal.celery", "beat", "-l", "INFO", "--pidfile=", "-s", schedule
        )

    def run(self, name: str, *command: str) -> Part:
        part = Part(
            name,
            ["tests.faults.child", *command],
            environment=self.environment,
            log=self.home / f"{name}.log",
        )
        part.start()
        self.started.append(part)
        return part

    def stage(self, scene: str, **arguments: Any) -> Any:
        """Set a scene of tests/faults/stage.py in the portal's database; return what the scene returns."""
        if self.stager is None:
            self.stager = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.stage"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.stager.stdin
        assert self.stager.stdout
        self.stager.stdin.write(json.dumps([scene, arguments]) + "\n")
        self.stager.stdin.flush()
        return json.loads(self.stager.stdout.readline())

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the database, past the application."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(question, values).fetchall()

    def number(self, question: str, *values: Any) -> int:
        return int(self.ask(question, *values)[0][0])

    def open_deliveries(self) -> int:
        """O of the ledger: outbox rows that are not final."""
        return self.number("select count(*) from notifications_delivery where state in ('pending', 'leased')")

    def log_of(self, name: str) -> str:
        path = self.home / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def arm(self, point: str, victim: str) -> None:
        """Let the next process that comes by `point` kill itself ("child") or its whole worker ("worker")."""
        (self.triggers / f"{point}.{victim}").touch()

    def is_disarmed(self) -> bool:
        """Say whether somebody has come by and died."""
        return not list(self.triggers.iterdir())


def kill_group(part: Part) -> None:
    """Kill -9 a process with all its children."""
    if part.process is not None:
        with suppress(ProcessLookupError):
            os.killpg(part.process.pid, signal.SIGKILL)
        part.process.wait()
        part.process = None


def eventually(is_so: Callable[[], bool], seconds: float, otherwise: str) -> float:
    """Wait until something is so and return how long it took; fail with `otherwise`."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, otherwise
        time.sleep(0.1)
    return time.monotonic() - began
