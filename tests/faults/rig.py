"""A whole portal of real processes for one experiment: web, worker, beat, broker, mail server, database."""

import json
import os
import resource
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

from portal.servers.postgres import Postgres
from portal.servers.process import free_port
from portal.servers.valkey import Valkey
from portal.supervisor import Part
from tests.mailbox import Mailbox
from tests.source import PROJECT


class Store(Postgres):
    """A durable PostgreSQL that can be killed as a power cut would."""

    def kill(self) -> None:
        """Kill -9 the postmaster and every backend; the first is held still, so that it replaces nobody."""
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)
        for child in children_of(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def limit_files(self, size: int) -> None:
        """Let the server write no file beyond `size` bytes; said by its own user, for the kernel asks."""
        assert self.process
        server = self.process.pid
        options = self.identity.popen_options(Path("/"), signal.SIGKILL)
        become = options.pop("preexec_fn") or (lambda: None)
        act = lambda: (become(), limit_files(server, size))  # noqa: E731 - two steps in the child
        subprocess.run(["/bin/true"], check=True, preexec_fn=act, **options)


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
    haste: int  # pauses between tries and the patience with the mail server are so many times shorter


SHORT = Figures(lease=5, tick=1, outage=8, submits=60, clients=6, letters=60, patience=40, haste=10)
FULL = Figures(lease=90, tick=60, outage=60, submits=500, clients=20, letters=200, patience=150, haste=1)
FIGURES = FULL if os.environ.get("FAULTS") == "full" else SHORT


class Portal:
    """The processes of one experiment. `without` names protections (commas between them) that are switched
    off in all of them, `settings` are further variables of their environment. `store` is a PostgreSQL of its
    own, where the experiment breaks that too.
    """

    def __init__(
        self,
        home: Path,
        database_url: str,
        static: Path,
        *,
        store: Store | None = None,
        without: str = "",
        settings: dict[str, str] | None = None,
    ) -> None:
        self.home = home
        self.port = free_port()
        self.database_url = database_url
        self.store = store
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
            "FAULT_HASTE": "1",
            "FAULT_CLOCK": "0",
            "FAULT_RELEASE": "",
            **(settings or {}),
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
        if self.store is not None:
            self.store.stop()

    def web(self, **differently: str) -> Part:
        """Start two web processes and return once they answer; variables may differ from the others'."""
        command = [
            "gunicorn",
            "portal.wsgi:application",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "2",
        ]
        command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
        part = self.run("web", *command, **differently)
        eventually(lambda: b"Booting worker" in part.log.read_bytes(), 30, "web did not start")
        return part

    def worker(self, name: str = "worker", **differently: str) -> Part:
        """Start a worker with two pool processes and return once it is ready."""
        before = len(self.log_of(name))
        part = self.begin_worker(name, **differently)
        eventually(lambda: " ready." in self.log_of(name)[before:], 30, f"{name} did not start")
        return part

    def begin_worker(self, name: str = "worker", **differently: str) -> Part:
        """Start a worker without waiting for it; while the broker is away it is never ready."""
        command = ["celery", "-A", "portal.celery", "worker", "-c", "2", "-l", "INFO", "-n", f"{name}@%h"]
        return self.run(name, *command, **differently)

    def beat(self, name: str = "beat", **differently: str) -> Part:
        """Start a beat; a second one keeps its own schedule file, as on another machine."""
        schedule = str(self.home / f"{name}-schedule")
        command = ["celery", "-A", "portal.celery", "beat", "-l", "INFO", "--pidfile=", "-s", schedule]
        return self.run(name, *command, **differently)

    def run(self, name: str, *command: str, **differently: str) -> Part:
        part = Part(
            name,
            ["tests.faults.child", *command],
            environment=self.environment | differently,
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


def limit_files(pid: int, size: int = resource.RLIM_INFINITY) -> None:
    """Let a process and its children write no file beyond `size` bytes: to them the disk is full."""
    for one in (pid, *children_of(pid)):
        with suppress(ProcessLookupError):
            resource.prlimit(one, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def peak_megabytes(pid: int) -> float:
    """Return the most memory that a process or one of its children has held so far."""
    found = [0]
    for one in (pid, *children_of(pid)):
        with suppress(OSError):
            status = Path(f"/proc/{one}/status").read_text()
            found += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    return max(found) / 1024


def children_of(pid: int) -> list[int]:
    """Return the processes started by this one."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for one in lists for child in one.read_text().split()]
