"""The cast of this room."""

import pytest

from tests.factories.enterprises import Cast, cast


@pytest.fixture
def people(db: None) -> Cast:
    """Li, Wang and Guo act for one enterprise, Zhao for another."""
    return cast()
