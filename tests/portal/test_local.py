import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import local

pytestmark = pytest.mark.long


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """An environment that names neither database nor secret, and an empty state directory."""
    for name in ("DATABASE_URL", "SECRET_KEY", "REDIS_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    return tmp_path


def test_start_gets_a_stand_in_and_keeps_its_secret(bare, monkeypatch):
    local.fill_environment("start")
    first = os.environ["SECRET_KEY"]
    monkeypatch.delenv("SECRET_KEY")

    local.fill_environment("start")

    assert os.environ["DATABASE_URL"] == local.NOT_YET
    assert os.environ["SECRET_KEY"] == first
    assert len(first) >= 50
    assert (bare / "secret-key").stat().st_mode & 0o077 == 0


def test_a_command_beside_a_running_portal_finds_its_addresses(bare):
    local.publish(bare, {"DATABASE_URL": "postgres://a b", "SECRET_KEY": "it's = one"})

    local.fill_environment("sample_code")

    assert (os.environ["DATABASE_URL"], os.environ["SECRET_KEY"]) == ("postgres://a b", "it's = one")


def test_a_database_that_is_named_stands(bare, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://mine")
    local.publish(bare, {"DATABASE_URL": "postgres://other", "REDIS_URL": "redis://other"})

    local.fill_environment("shell")

    assert os.environ["DATABASE_URL"] == "postgres://mine"
    assert "REDIS_URL" not in os.environ


def test_the_fingerprint_follows_a_file_of_the_project(monkeypatch, tmp_path):
    monkeypatch.setattr(local, "PROJECT", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "models.py").write_text("1")
    before = local.fingerprint()

    (tmp_path / "tests" / "test_models.py").write_text("1")
    unchanged = local.fingerprint()
    (tmp_path / "models.py").write_text("22")

    assert unchanged == before
    assert local.fingerprint() != before


def start(state: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    names = {"DATABASE_URL": "", "SECRET_KEY": "", "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": ""}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "manage.py", "start"],
        cwd=local.PROJECT,
        env=clean | {"STATE_DIR": str(state)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"PORT": "many"}, "PORT is many: it must be a number from 1 to 65535.\n"),
        ({"PORT": "1", "HOST": "203.0.113.1"}, "Port 1 cannot be used (Cannot assign requested address)"),
    ],
)
def test_what_is_in_the_way_of_a_start_is_one_line(tmp_path, environment, line):
    done = start(tmp_path, **environment)

    assert done.returncode == 1
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1
