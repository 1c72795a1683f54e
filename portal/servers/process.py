"""One child process with a log: how it starts, how we see that it is ready, how it stops."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Self

from portal.servers.files import ServerError, appending, tail

ON_LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_parent(stop_signal: int) -> Callable[[], None] | None:
    """Return a preexec hook by which the kernel stops the child when this process is gone.

    It must run after a change of user, which clears it; subprocess calls hooks in that order.
    """
    if not ON_LINUX:
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def hook() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)

    return hook


def ends_within(pid: int, seconds: float) -> bool:
    """Wait for a process that need not be our child."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            # A zombie is as good as gone: it holds nothing.
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
        except ProcessLookupError:
            return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


class Server:
    """A child process that serves; one object may be stopped and started again on the same port."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    last_signals: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGKILL,)
    patience: ClassVar[float] = 10.0

    def __init__(self, state_dir: Path, *, port: int | None = None, log: Path | None = None) -> None:
        self.home = state_dir.resolve()
        self.port = port or free_port()
        self.log = log or self.home / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address with its password, as settings take it."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """Return the command line of the server."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Bring the files into the shape the server starts from; safe to call again."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Say whether a client gets an answer now."""
        raise NotImplementedError

    def popen_options(self) -> dict[str, Any]:
        """Return how the process is to be started."""
        return {"preexec_fn": die_with_parent(self.stop_signal)}

    def start(self) -> Self:
        """Start the server, or start it again; return once it answers.

        Raises ServerError with the end of its log.
        """
        self.stop()
        began = time.monotonic()
        self.prepare()
        self.process = self._launch()
        while not self.answers():
            waited = time.monotonic() - began
            if self.process.poll() is not None:
                if waited > 10 or not self._is_still_held():
                    raise ServerError(f"{self.name} did not start. Its log ends:\n{tail(self.log)}")
                time.sleep(0.2)
                self.process = self._launch()
            elif waited > 60:
                self.stop()
                raise ServerError(f"{self.name} gave no answer for 60 s. Its log ends:\n{tail(self.log)}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """Stop in order, then with force; does nothing when the server is not running."""
        if self.process is None:
            return
        for number in (self.stop_signal, *self.last_signals):
            if self.process.poll() is not None:
                break
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
        self.process = None

    @property
    def has_died(self) -> bool:
        """Say whether the server was started and ended without being asked to."""
        return self.process is not None and self.process.poll() is not None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _launch(self) -> subprocess.Popen[bytes]:
        with appending(self.log) as log:
            return subprocess.Popen(  # noqa: S603 - our own binary with our own arguments
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us alone: we stop our children in order.
                start_new_session=True,
                **self.popen_options(),
            )

    def _is_still_held(self) -> bool:
        """After a power cut the last processes take a moment to notice; until then the files are theirs."""
        end = tail(self.log, 6)
        return "still in use" in end or "already exists" in end
