"""What every test stands on. The pieces live beside it, one idea a file."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import translation
from pytest_socket import socket_allow_hosts

from tests import environment

# Does nothing after tests/settings.py; serves a run under portal.settings with an environment of its own.
environment.prepare()

pytest_plugins = [
    "tests.databases",
    "tests.pages",
    "tests.mailbox",
    "tests.browser.chromium",
    "tests.faults.portals",
]


def pytest_configure(config: pytest.Config) -> None:
    """Leave out what only production needs: a password hash that is meant to be slow, hashed static files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _network_is_off() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _pages_begin_in_chinese() -> None:
    """Forget the language that the last page of the test before has left in this thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _all_is_read_anew() -> None:
    """Forget what this process remembers of the test before."""
    caches["pages"].clear()
