"""The cast of this room: Li, Wang and Guo of one enterprise, Zhao of another, Chen at the desk."""

import pytest

from accounts.models import User
from tests.factories import enterprises, requests


@pytest.fixture
def cast() -> enterprises.Cast:
    return enterprises.cast()


@pytest.fixture
def chen() -> User:
    return requests.officer("Chen")


@pytest.fixture
def lead() -> User:
    return requests.officer("Lead", role="triage_lead")
