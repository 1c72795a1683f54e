"""What settings read during a benchmark: the servers that are named, or embedded ones, and an own state."""

import atexit
import os
import tempfile
from pathlib import Path

from portal.servers.postgres import Postgres
from portal.servers.valkey import Valkey

VARIABLES = {
    "DJANGO_SETTINGS_MODULE": "bench.settings",
    "PUBLIC_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,testserver",
    "DEBUG": "false",
    "LOG_LEVEL": "WARNING",
    # To fill the tables takes longer than any statement of the portal may.
    "DATABASE_STATEMENT_TIMEOUT_MS": "0",
}
# What a server that holds a million enterprises is given at least; the built-in defaults fit any machine.
ROOMY = {"shared_buffers": "1GB", "max_wal_size": "4GB"}
# None of these may decide a figure.
FOREIGN = ("EMAIL_URL", "S3_BUCKET", "MIGRATION_DATABASE_URL", "SAMPLE_DATA", "MEDIA_ROOT", "STATIC_ROOT")


def prepare() -> None:
    """Fill the environment before settings are read, starting servers where it names none."""
    state = tempfile.TemporaryDirectory(prefix="portal-bench-", ignore_cleanup_errors=True)
    atexit.register(state.cleanup)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only-" + "x" * 50)
    os.environ |= VARIABLES | {"STATE_DIR": state.name}
    home = Path(state.name)
    (home / "static").mkdir()
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = serve(Postgres(home / "postgres", settings=ROOMY))
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = serve(Valkey(home / "valkey"))


def serve(server: Postgres | Valkey) -> str:
    """Start a server for the rest of this process and return its address."""
    server.start()
    atexit.register(server.stop)
    return server.url
