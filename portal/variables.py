"""Read variables of the environment; a value that does not fit is refused in words that name its variable."""

from collections.abc import Callable
from datetime import time
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
Hours = tuple[time | None, time | None]
T = TypeVar("T")


def read(name: str, reader: Callable[..., T], default: T) -> T:
    """Read one variable; raise ImproperlyConfigured that names it when its value does not fit."""
    try:
        return reader(name, default=default)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"{name} in the environment is not usable: {error}") from error


def required(name: str, why: str) -> str:
    """Read a variable without which the portal cannot run."""
    value = str(env.str(name, default="")).strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set in the environment. {why}")
    return value


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Read a list of networks, commas between them."""
    try:
        return [ip_network(text.strip()) for text in env.list(name, default=[]) if text.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write networks as 10.1.0.0/16.") from None


def hours(name: str, default: Hours) -> Hours:
    """Read a stretch of a day such as 22:00-07:00; an empty value is none."""
    value = env.ENVIRON.get(name)  # env.str would take an empty value for none given
    if value is None:
        return default
    begins, _dash, ends = value.partition("-")
    if not value.strip():
        return None, None
    return time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())


def database(
    name: str, *, statement_timeout_ms: int, lock_timeout_ms: int, pool_size: int
) -> dict[str, object]:
    """Read an address such as postgres://user:password@host:5432/name as an entry of DATABASES.

    With a pool of 0 each thread keeps a connection of its own.
    """
    try:
        parsed = env.db_url_config(required(name, "Example: postgres://user:password@host:5432/portal"))
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"{name} in the environment is not a database address: {error}") from error
    if "postgresql" not in str(parsed.get("ENGINE", "")):
        raise ImproperlyConfigured(f"{name} must begin with postgres://: PostgreSQL is the only database.")
    options: dict[str, object] = {
        "options": f"-c statement_timeout={statement_timeout_ms} -c lock_timeout={lock_timeout_ms}"
        " -c idle_in_transaction_session_timeout=60000",
        "connect_timeout": 4,
    }
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 1.5}
    return {
        **parsed,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0 if pool_size else 60,
        "CONN_HEALTH_CHECKS": not pool_size,
        "OPTIONS": options,
    }
