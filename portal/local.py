"""The local installation: what `bin/start` keeps in the state directory, and how commands find it.

Knows neither Django nor the settings, which it exists to prepare.
"""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from portal.servers.files import private_directory, private_file, secret

PROJECT = Path(__file__).resolve().parent.parent
# Stands in until the embedded server has an address: settings want a readable one, nobody connects to it.
NOT_YET = "postgres://portal@127.0.0.1:1/not-started-yet"
# What decides whether the database and the static files of an earlier start still fit the code.
MEANINGFUL = {".py", ".yaml", ".csv", ".css", ".js", ".svg", ".json", ".txt"}
IRRELEVANT = {".git", ".venv", ".state", "tests", "docs", "bench", "node_modules", "__pycache__"}


def state_dir() -> Path:
    """Return where the local installation keeps its state."""
    return Path(os.environ.get("STATE_DIR") or PROJECT / ".state")


def fill_environment(command: str) -> None:
    """Give a command typed beside a running portal the addresses that the portal runs with.

    What the environment already says stands. `start` itself gets a stand-in for the database it will make.
    Ends the command with one line when the state belongs to somebody else.
    """
    try:
        facts = stand_ins(state_dir()) if command == "start" else running(state_dir())
    except OSError as trouble:
        raise SystemExit(
            f"{trouble.filename}: {trouble.strerror}. Set STATE_DIR to a place of yours."
        ) from None
    for name, value in facts.items():
        os.environ.setdefault(name, value)


def stand_ins(state: Path) -> dict[str, str]:
    """Return what settings need before the first server runs."""
    return {"DATABASE_URL": NOT_YET, "SECRET_KEY": secret(private_directory(state) / "secret-key", 48)}


def running(state: Path) -> dict[str, str]:
    """Return the environment of the portal that runs now; nothing where another database is named."""
    if "DATABASE_URL" in os.environ or not running_file(state).exists():
        return {}
    lines = shlex.split(running_file(state).read_text())
    return dict(line.split("=", 1) for line in lines)


def running_file(state: Path) -> Path:
    """Return the file with the environment of the portal that runs now."""
    return state / "environment"


def publish(state: Path, environment: dict[str, str]) -> None:
    """Leave the environment of the running portal for commands typed beside it."""
    lines = [f"{name}={shlex.quote(value)}" for name, value in environment.items()]
    private_file(running_file(state), "\n".join(lines) + "\n")


def fingerprint() -> str:
    """Return a short text that changes when a file of the project does."""
    seen = hashlib.sha256()
    for path in sorted(project_files(PROJECT)):
        facts = path.stat()
        seen.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def project_files(directory: Path) -> Iterator[Path]:
    """Walk over the files that decide what the portal is."""
    for entry in os.scandir(directory):
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in IRRELEVANT:
                yield from project_files(Path(entry.path))
        elif Path(entry.name).suffix in MEANINGFUL:
            yield Path(entry.path)
