"""Keep the processes of a local portal alive together: start them, watch them, stop them in order."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from portal.servers.files import ServerError, appending, tail
from portal.servers.process import Server, die_with_parent

LOG_BYTES = 20_000_000
RESTARTS_A_MINUTE = 3


class Part:
    """One of our own Python processes: web, worker, beat."""

    def __init__(self, name: str, arguments: list[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.arguments = arguments
        self.environment = environment
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Part:
        """Start the process; it is not necessarily ready when this returns."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with appending(self.log) as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own modules with our own arguments
                [sys.executable, "-m", *self.arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us alone: we stop our children in order.
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - there are no threads here
            )
        return self

    def ask_to_stop(self) -> None:
        """Send the signal; `stop` waits for the effect."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self, patience: float = 15.0) -> None:
        """Let work in hand be finished, then stop with force."""
        self.ask_to_stop()
        if self.process:
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    @property
    def has_died(self) -> bool:
        """Say whether the process ended without being asked to."""
        return self.process is not None and self.process.poll() is not None


class Household:
    """Servers and parts that live together; whatever happens, leaving the block leaves nothing behind."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.members: list[Server | Part] = []
        self.deaths: deque[float] = deque(maxlen=RESTARTS_A_MINUTE)

    def __enter__(self) -> Household:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, interrupt)
        return self

    def __exit__(self, *exception: object) -> None:
        # A second Ctrl-C must not cut the stopping short and leave half of us running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for member in self.members:
            if isinstance(member, Part):
                member.ask_to_stop()
        for member in reversed(self.members):
            with suppress(OSError):
                member.stop()

    def add(self, member: Server | Part) -> Server | Part:
        """Start a member and be responsible for it from here on."""
        self.members.append(member)
        member.start()
        return member

    def check(self) -> None:
        """Raise ServerError with the end of its log when a member has died before we are ready."""
        for member in self.members:
            if member.has_died:
                raise ServerError(f"{member.name} ended at once. {member.log} ends:\n{tail(member.log)}")

    def watch(self) -> None:
        """Restart what dies, until a signal comes; raises ServerError when restarting does not help."""
        while True:
            for member in self.members:
                if member.has_died:
                    self._restart(member)
            time.sleep(0.5)

    def _restart(self, member: Server | Part) -> None:
        now = time.monotonic()
        if len(self.deaths) == RESTARTS_A_MINUTE and now - self.deaths[0] < 60:
            raise ServerError(f"{member.name} keeps dying. {member.log} ends:\n{tail(member.log)}")
        self.deaths.append(now)
        self.say(f"{member.name} has died; starting it again (log: {member.log})")
        member.start()


def interrupt(number: int, frame: object) -> None:
    """Treat a polite request to end like Ctrl-C."""
    raise KeyboardInterrupt
