"""Whatever is sent, the API answers as its description says (schemathesis, fixed seed)."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from portal.wsgi import application

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance]
pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def described() -> Iterator[Any]:
    """Load the description past the server; the test's transaction outlives each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_input_breaks_it(described: Any) -> None:
    for operation in described.get_all_operations():
        attack(operation.ok())


def attack(operation: Any) -> None:
    @settings(
        max_examples=40,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def answers_as_described(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    answers_as_described()
