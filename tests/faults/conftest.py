"""One cloned database and one portal for each experiment."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import databases
from tests.faults.rig import Portal
from tests.source import PROJECT


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collect the static files as a deployment does: pages name them by their hash."""
    root = tmp_path_factory.mktemp("static")
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
        cwd=PROJECT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "STATIC_ROOT": str(root)},
        check=True,
    )
    return root


@pytest.fixture
def portal(
    request: pytest.FixtureRequest, tmp_path: Path, static_files: Path, django_db_setup: None
) -> Iterator[Callable[..., Portal]]:
    """Return a function that opens a portal: `with portal() as p`, `with portal(without="lease") as p`."""
    made: list[str] = []

    def open_one(**options: str) -> Portal:
        name = f"fault_{os.environ['TEST_RUN']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{len(made)}"
        databases.run_sql("drop database if exists {} with (force)", name)
        databases.run_sql("create database {} template {}", name, databases.template_name())
        made.append(name)
        home = tmp_path / name
        home.mkdir()
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        return Portal(home, url, static_files, **options)

    yield open_one
    for name in made:
        databases.run_sql("drop database if exists {} with (force)", name)
