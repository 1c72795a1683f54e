"""Every page that somebody gets is valid HTML, by the W3C's checker (vnu). Runs by `bin/test html` alone."""

import json
import os
import subprocess
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.browser.rounds import LANGUAGES, localized, speak
from tests.portal.walk import every_door
from tests.portal.world import World, build

VNU = os.environ.get("VNU", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.skipif(not VNU, reason="bin/test html runs it"),
]


@pytest.fixture
def world() -> World:
    return build()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["anonymous", "owner", "viewer", "triage", "publisher", "superuser"])
def test_every_page_is_valid(world: World, tmp_path: Path, role: str, language: str) -> None:
    speak(world, role, language)
    client, paths = world.client(role), {}
    for number, door in enumerate(every_door()):
        path = localized(world.path(door), language)
        answer = client.get(path)
        if answer.status_code == HTTPStatus.OK and answer["Content-Type"].startswith("text/html"):
            paths[f"{number}.html"] = path
            Path(tmp_path, f"{number}.html").write_bytes(answer.content)

    assert len(paths) > 20
    assert faults_in(tmp_path, paths) == []


def faults_in(folder: Path, paths: dict[str, str]) -> list[str]:
    """Return the errors of all pages of a folder: address, line, and what is wrong."""
    done = subprocess.run(
        ["java", "-jar", VNU, "--errors-only", "--format", "json", str(folder)],  # noqa: S607 - whichever there is
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        f"{paths[Path(fault['url']).name]}:{fault.get('lastLine')}: {fault['message']}"
        for fault in json.loads(done.stderr)["messages"]
    ]
