"""The private files of a local installation: directories, secrets, logs, and the lock on all of them."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class ServerError(Exception):
    """Something cannot run here; its message is for the person at the terminal."""


def private_directory(path: Path) -> Path:
    """Make a directory that only its owner may enter, with its parents."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def private_file(path: Path, text: str) -> Path:
    """Write a file that only its owner may read; it is never readable by others, not even for a moment."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return path


def secret(path: Path, bytes_of_chance: int = 24) -> str:
    """Return the secret kept in this file, making one the first time."""
    if not path.exists():
        private_file(path, secrets.token_urlsafe(bytes_of_chance))
    return path.read_text().strip()


def appending(log: Path) -> IO[bytes]:
    """Open a private log for a child process to write to."""
    private_directory(log.parent)
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log, or nothing when there is no log yet."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


@contextmanager
def state_lock(state_dir: Path) -> Iterator[None]:
    """Hold the state directory for this process alone; raises ServerError that names the holder.

    The kernel drops the lock with the process, so a killed start leaves nothing to clean up.
    """
    private_directory(state_dir)
    with (state_dir / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            raise ServerError(f"The portal is already running here (pid {holder}, {state_dir}).") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
