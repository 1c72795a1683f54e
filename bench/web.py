"""The portal as a reader meets it: a web server of its own process, asked over HTTP."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException
from types import TracebackType

from django.conf import settings

from bench import databases
from bench.rounds import Candidate
from portal.servers.process import free_port
from portal.supervisor import Part

PATIENCE = 60
# One process: what it remembers of the lists is then the same for every request.
_SERVER = "gunicorn portal.wsgi:application --workers 1 --worker-class gthread --threads 2 --keep-alive 600"


class Site:
    """The portal on one database, behind the server it is deployed with."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.port = free_port()
        databases.use(database)
        self.server = Part(
            "web",
            [*_SERVER.split(), "--bind", f"127.0.0.1:{self.port}"],
            environment=databases.environment(settings="bench.settings"),
            log=settings.STATE_DIR / f"web-{database}.log",
        )
        self.connection = HTTPConnection("localhost", self.port, timeout=PATIENCE)

    def __enter__(self) -> Site:
        self.server.start()
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.get("/livez")
            except (OSError, HTTPException) as error:
                if self.server.has_died or time.monotonic() > deadline:
                    raise SystemExit(
                        f"The web server does not answer. {self.server.log.read_text()}"
                    ) from error
                self.connection.close()
                time.sleep(0.2)
            else:
                return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        self.server.stop()

    def get(self, address: str, cookie: str = "") -> str:
        """Return the page; raises AssertionError unless it is answered with 200."""
        self.connection.request("GET", address, headers={"Cookie": cookie} if cookie else {})
        answer = self.connection.getresponse()
        page = answer.read().decode()
        assert answer.status == 200, f"{address}: {answer.status}"  # noqa: S101
        return page

    def page(self, name: str, address: str, *, cookie: str = "", prepare: object = None) -> Candidate:
        """Give a candidate that reads one page; `prepare` is called before, on this database."""

        def made_ready(number: int) -> None:
            databases.use(self.database)
            if callable(prepare):
                prepare(number)

        return Candidate(name, lambda number: self.get(address, cookie), prepare=made_ready)
