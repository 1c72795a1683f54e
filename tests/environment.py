"""What the portal's settings read during tests: own servers, an own state directory, nothing from outside."""

import atexit
import os
import tempfile
from pathlib import Path

from portal.servers.postgres import Postgres
from portal.servers.valkey import Valkey

VARIABLES = {
    "SECRET_KEY": "for-tests-only-" + "x" * 50,
    "PUBLIC_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "DEBUG": "false",
    "LOG_LEVEL": "WARNING",
    # Whether a test passes must not depend on the time of day.
    "STAFF_QUIET_HOURS": "",
}
# A variable of the person at the terminal must not decide whether a test passes.
FOREIGN = ("EMAIL_URL", "S3_BUCKET", "MIGRATION_DATABASE_URL", "SAMPLE_DATA", "MEDIA_ROOT", "STATIC_ROOT")


def prepare() -> None:
    """Fill the environment before settings are read, starting servers where it names none.

    Runs once, in the first process: the parallel workers inherit what it has set.
    """
    if "TEST_RUN" in os.environ:
        return
    state = tempfile.TemporaryDirectory(prefix="portal-tests-", ignore_cleanup_errors=True)
    atexit.register(state.cleanup)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ |= VARIABLES | {"STATE_DIR": state.name, "TEST_RUN": f"run{os.getpid()}"}
    home = Path(state.name)
    (home / "static").mkdir()
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = serve(Postgres(home / "postgres", durable=False))
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = serve(Valkey(home / "valkey"))


def serve(server: Postgres | Valkey) -> str:
    """Start a server for the rest of this process and return its address."""
    server.start()
    atexit.register(server.stop)
    return server.url
