"""One cloned database and one portal for each experiment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import databases
from tests.faults.rig import Portal, Store
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


@pytest.fixture(scope="session")
def full_store(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Callable[[], Path]:
    """Return a function that gives the files of a stopped PostgreSQL with the tables and reference rows."""

    @cache
    def prepare() -> Path:
        home = tmp_path_factory.mktemp("store") / "postgres"
        with Store(home) as store:
            databases.copy_template(store.url)
        return home

    return prepare


@pytest.fixture
def portal(
    tmp_path: Path, static_files: Path, full_store: Callable[[], Path], django_db_setup: None
) -> Iterator[Callable[..., Portal]]:
    """Return a function that opens a portal: `with portal() as p`, `with portal(without="lease") as p`.

    `store` gives it a PostgreSQL of its own with these settings.
    """
    made: list[str] = []

    def open_one(*, store: dict[str, str] | None = None, **options: Any) -> Portal:
        if store is not None:
            home = tmp_path / f"own_{len(list(tmp_path.iterdir()))}"
            shutil.copytree(full_store(), home / "postgres")
            server = Store(home / "postgres", settings=store).start()
            return Portal(home, server.url, static_files, store=server, **options)
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
