"""C-20, C-21: settings come from the environment alone, a wrong one is named, https hardens every cookie."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from tests import source

pytestmark = pytest.mark.long

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
}
SHOW = """
import json
from portal import settings
print(json.dumps({name: getattr(settings, name) for name in json.loads(input())}))
"""
KNOCK = """
import json
import django
from django.conf import settings
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
django.setup()
from django.test import Client
secure = Client(HTTP_HOST="portal.example").get("/accounts/login/", secure=True)
plain = Client(HTTP_HOST="portal.example").get("/accounts/login/")
cookies = {name: {part: str(morsel[part]) for part in ("secure", "httponly", "samesite", "path", "domain")}
           for name, morsel in secure.cookies.items()}
print(json.dumps({"status": secure.status_code, "cookies": cookies, "headers": dict(secure.headers),
                  "plain": [plain.status_code, plain.headers["Location"]]}))
"""


def run(program: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        input=given,
        env={"DJANGO_SETTINGS_MODULE": "portal.settings", **ENVIRONMENT, **environment},
        cwd=source.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def shown(*names: str, **environment: str) -> dict[str, Any]:
    done = run(SHOW, json.dumps(names), **environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "sqlite:///portal.db"}, "DATABASE_URL must begin with postgres://"),
        ({"PUBLIC_URL": "http://portal.example"}, "it must begin with https://"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES in the environment is not usable"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_used_stops_the_start_and_is_named(wrong: dict[str, str], named: str) -> None:
    done = run(SHOW, "[]", **wrong)

    assert done.returncode != 0
    assert named in done.stderr.splitlines()[-1]


def test_nothing_is_loosened_by_default() -> None:
    found = shown("DEBUG", "SAMPLE_DATA", "REVIEWER_MAY_BE_AUTHOR", "SECURE_SSL_REDIRECT", "TRUSTED_PROXIES")

    assert found == {
        "DEBUG": False,
        "SAMPLE_DATA": False,
        "REVIEWER_MAY_BE_AUTHOR": False,
        "SECURE_SSL_REDIRECT": False,
        "TRUSTED_PROXIES": 0,
    }


def test_quiet_hours_of_staff_can_be_switched_off() -> None:
    assert shown("STAFF_QUIET_HOURS", STAFF_QUIET_HOURS="")["STAFF_QUIET_HOURS"] == [None, None]


def test_a_plain_address_of_this_machine_keeps_plain_cookie_names() -> None:
    found = shown("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", PUBLIC_URL="http://localhost:8000")

    assert found == {"SESSION_COOKIE_NAME": "session", "SESSION_COOKIE_SECURE": False}


@pytest.mark.parametrize("cookie", ["SESSION", "CSRF", "LANGUAGE"])
def test_with_https_each_cookie_is_bound_to_this_host_and_hidden_from_script(cookie: str) -> None:
    names = [f"{cookie}_COOKIE_{part}" for part in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")]

    found = shown(*names, PUBLIC_URL="https://portal.example")

    assert list(found.values()) == [f"__Host-{cookie.lower()}", True, True, "Lax"]


@pytest.mark.django_db(transaction=True)
def test_a_page_over_https_sends_hardened_cookies_and_keeps_browsers_on_https() -> None:
    place = connection.get_connection_params()
    address = (
        f"postgres://{place['user']}:{place['password']}@{place['host']}:{place['port']}/{place['dbname']}"
    )

    done = run(
        KNOCK, PUBLIC_URL="https://portal.example", DATABASE_URL=address, STATIC_ROOT=os.environ["STATE_DIR"]
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    hardened = {"secure": "True", "httponly": "True", "samesite": "Lax", "path": "/", "domain": ""}
    assert found["cookies"] == {"__Host-csrf": hardened}
    assert found["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert found["plain"] == [301, "https://portal.example/accounts/login/"]


@pytest.mark.django_db
def test_a_new_portal_has_no_account_anyone_could_sign_in_to() -> None:
    assert list(User.objects.filter(is_active=True).values_list("email", flat=True)) == []
