"""The cast of this room: Li, Wang and Guo of one enterprise, Zhao of another."""

import pytest

from tests.factories import enterprises


@pytest.fixture
def cast() -> enterprises.Cast:
    return enterprises.cast()
