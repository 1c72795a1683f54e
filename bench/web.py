"""The portal as a reader meets it: a web server of its own process, asked over HTTP."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType

from django.conf import settings

from bench import databases
from bench.rounds import Candidate
from bench.worker import family
from portal.servers.process import free_port
from portal.supervisor import Part

PATIENCE = 60
# An empty cookie of messages: who sends it might be told something, so no finished page is given.
DRAWN = "messages="
# One process: what it remembers of the lists is then the same for every request.
_SERVER = "gunicorn --workers 1 --worker-class gthread --threads 2 --keep-alive 600"


class Site:
    """The portal on one database, behind the server it is deployed with."""

    def __init__(self, database: str, *, application: str = "portal.wsgi:application") -> None:
        self.database = database
        self.port = free_port()
        databases.use(database)
        self.server = Part(
            "web",
            [*_SERVER.split(), "--bind", f"127.0.0.1:{self.port}", application],
            environment=databases.environment(settings="bench.settings"),
            log=settings.STATE_DIR / f"web-{database}-{self.port}.log",
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
        return self.answer(address, {"Cookie": cookie} if cookie else {})[0].decode()

    def answer(
        self, address: str, headers: dict[str, str] | None = None, *, status: int = 200
    ) -> tuple[bytes, dict[str, str]]:
        """Return the body and the headers of an answer; raises AssertionError when it has another status."""
        self.connection.request("GET", address, headers=headers or {})
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == status, f"{address}: {answer.status}"
        return body, dict(answer.getheaders())

    def processor_seconds(self) -> float:
        """Return the processor time that the server and its processes have used."""
        nanoseconds = 0
        for pid in family(self.server.process.pid):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                nanoseconds += int((thread / "schedstat").read_text().split()[0])
        return nanoseconds / 1e9

    def page(self, name: str, address: str, *, cookie: str = DRAWN, prepare: object = None) -> Candidate:
        """Give a candidate that reads one page; `prepare` is called before, on this database.

        Without another cookie it is drawn each time, not taken from memory.
        """

        def made_ready(number: int) -> None:
            databases.use(self.database)
            if callable(prepare):
                prepare(number)

        return Candidate(name, lambda number: self.get(address, cookie), prepare=made_ready)
