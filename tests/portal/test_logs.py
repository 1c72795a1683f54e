"""C-31: one line of log is one record, and none holds a password, a code, a link's key or a phone number."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from core import once
from notifications import tasks
from notifications.models import Notification
from portal.logs import OneLineFormatter
from tests.accounts.steps import LI, log_in
from tests.factories.accounts import PASSWORD, UserFactory

FORGED = "li\r\n2026-11-25 00:00:00,000 INFO accounts signed in as root\x1b[31m\u2028\x00"


def written(message: str, *values: object) -> str:
    record = logging.LogRecord("portal", logging.INFO, __file__, 1, message, values, None)
    return OneLineFormatter().format(record)


def test_what_a_visitor_typed_cannot_begin_a_line() -> None:
    line = written("sign-in of %s failed", FORGED)

    assert line.isprintable()
    assert line.endswith(
        r"\r\n2026-11-25 00:00:00,000 INFO accounts signed in as root\x1b[31m\u2028\x00 failed"
    )


def test_an_exception_stays_on_the_line_of_its_record() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        record = logging.LogRecord(
            "portal", logging.ERROR, __file__, 1, "failed", (), (type(error), error, None)
        )

    assert OneLineFormatter().format(record).isprintable()


def test_chinese_stays_readable() -> None:
    assert written("企业 %s", "𠮷野·买买提").endswith("企业 𠮷野·买买提")


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Collect everything that any logger says, as it would be written."""
    found: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    handler, root = Collect(), logging.getLogger()
    handler.setFormatter(OneLineFormatter())
    level = root.level
    # A test before may have configured logging anew and silenced the loggers it did not name.
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield found
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
def test_a_day_of_visitors_leaves_no_secret_and_no_number_in_the_log(lines: list[str]) -> None:
    client = Client(raise_request_exception=False)
    wang = UserFactory(email="wang@works.example")
    client.post(reverse("account_signup"), LI)
    log_in(client, wang.email, "a wrong password")
    client.post(reverse("account_reset_password"), {"email": wang.email})
    log_in(client, wang.email)
    client.logout()
    question = {"subject": "补贴", "body": "怎么申请？", "contact_phone": "13987654321"}
    client.post("/requests/ask/", {**question, "form_token": once.new_token(), "send": "1"})
    client.post("/requests/track/", {"reference": "QD-010101-0001", "contact": "13987654321"})
    client.get("/policies/no-such-page/?contact=13987654321&password=a+wrong+password")
    opened_by = keys()
    tasks.deliver_pending()

    secrets = [LI["password1"], PASSWORD, "a wrong password", "13987654321", "a+wrong+password", *opened_by]
    said = "\n".join(lines)
    assert "Not Found: /policies/no-such-page/" in said
    assert len(secrets) > 5
    assert [secret for secret in secrets if secret in said] == []


def keys() -> list[str]:
    """Return the links that were mailed; each opens something without a password."""
    opens = ("/confirm-email/", "/reset/key/", "/track/")
    values = [
        value
        for context, url in Notification.objects.values_list("context", "url")
        for value in (*context.values(), url)
    ]
    return [value for value in values if any(part in str(value) for part in opens)]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("call 13900001234 now", "call 139******34 now"),
        ("id 370202199001011234", "id 370*************34"),
        ("id 37020219900101123X.", "id 370*************3X."),
        ("request 20261125139000012345", "request 20261125139000012345"),
        ("took 1390 ms", "took 1390 ms"),
    ],
)
def test_numbers_of_people_are_masked(said: str, shown: str) -> None:
    assert written("%s", said).endswith(shown)
