"""The deployment files, read by the real Compose and held against the settings."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parent.parent
# Read by bin/start and docker-compose.yml, which are no settings.
NOT_SETTINGS = {"HOST", "PORT", "BIND", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}


def compose(directory, *arguments):
    program = Path(sys.executable).parent / "docker-compose"
    command = [program, "-f", "docker-compose.yml", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


@pytest.fixture
def deployment(tmp_path):
    """A directory as an operator has it: the compose file and a filled-in .env."""
    shutil.copy(PROJECT / "docker-compose.yml", tmp_path)
    example = (PROJECT / ".env.example").read_text()
    (tmp_path / ".env").write_text(re.sub(r"(?m)^(\w+)=$", r"\1=filled", example))
    return tmp_path


def test_compose_accepts_the_file_without_a_word(deployment):
    done = compose(deployment, "config", "--quiet")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_compose_asks_for_a_password_that_is_missing(deployment):
    (deployment / ".env").write_text("SECRET_KEY=x\nREDIS_PASSWORD=x\n")

    done = compose(deployment, "config", "--quiet")

    assert done.returncode != 0
    assert "set POSTGRES_PASSWORD in .env" in done.stderr


def test_every_lasting_part_restarts_and_the_stores_are_watched(deployment):
    services = yaml.safe_load(compose(deployment, "config").stdout)["services"]

    lasting = {name for name, service in services.items() if service["restart"] == "unless-stopped"}
    watched = {name for name, service in services.items() if "healthcheck" in service}
    assert lasting == {"web", "worker", "beat", "postgres", "redis"}
    assert watched == {"web", "worker", "postgres", "redis"}


def test_the_broker_forgets_and_evicts_nothing(deployment):
    command = " ".join(yaml.safe_load(compose(deployment, "config").stdout)["services"]["redis"]["command"])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_the_example_lists_exactly_the_variables_that_settings_read():
    settings = (PROJECT / "portal" / "settings.py").read_text()
    read = set(re.findall(r'(?:read|required|database|networks|env\.\w+)\(\s*"([A-Z][A-Z0-9_]+)"', settings))
    listed = set(re.findall(r"(?m)^#?([A-Z][A-Z0-9_]+)=", (PROJECT / ".env.example").read_text()))

    assert listed - NOT_SETTINGS == read


def test_the_image_does_not_run_as_root():
    stages = (PROJECT / "Dockerfile").read_text().split("\nFROM ")

    assert re.search(r"(?m)^USER portal$", stages[-1])
