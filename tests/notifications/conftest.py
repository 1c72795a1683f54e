"""Two kinds of the tests' own, with their texts, so that no room's wording decides these tests."""

from pathlib import Path
from typing import Any

import pytest

from notifications import kinds, texts
from notifications.notifications import DIGEST
from tests.notifications.kinds import CODE, NEWS, URGENT

HERE = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def _own_kinds(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_KINDS", {kind.code: kind for kind in (NEWS, CODE, URGENT, DIGEST)})
    monkeypatch.setattr(texts, "_engines", [])
    settings.TEMPLATES = [
        settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], HERE]},
    ]


@pytest.fixture
def smtp_in_use(smtp: Any, settings: Any) -> Any:
    """The test mail server, used by the portal."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = smtp.port
    settings.EMAIL_TIMEOUT = 1
    return smtp
