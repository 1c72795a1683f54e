"""The registry fills in what it knows; without one, or with a silent one, people type."""

from typing import Any

import pytest
from django.urls import reverse

from core import drafts
from enterprises import registry
from enterprises.registry import Entry, RegistryUnavailable
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import credit_code
from tests.pages import PageClient

CODE = credit_code(74000)


class Helpful:
    def look_up(self, uscc: str) -> Entry:
        return Entry(uscc, "青岛海风机械厂", {"founded_on": "2018-06-01", "region": "370211"})


class Silent:
    def look_up(self, uscc: str) -> Entry:
        raise RegistryUnavailable


def test_without_a_registry_nothing_is_known_beforehand() -> None:
    assert registry.look_up(CODE) is None


def test_a_silent_registry_holds_nobody_up(settings: Any) -> None:
    settings.ENTERPRISE_REGISTRY = "tests.enterprises.test_registry.Silent"

    assert registry.look_up(CODE) is None


@pytest.mark.django_db
def test_what_the_registry_knows_is_filled_in_where_nothing_was_typed(
    client: PageClient, settings: Any
) -> None:
    settings.ENTERPRISE_REGISTRY = "tests.enterprises.test_registry.Helpful"
    li = UserFactory()
    client.force_login(li)
    drafts.save(li, "registration", {"region": "370202"})

    client.post(reverse("enterprises:register_step", args=["identity"]), {"uscc": CODE, "name": "海风"})

    assert drafts.load(li, "registration") == {
        "uscc": CODE,
        "name": "海风",
        "region": "370202",
        "founded_on": "2018-06-01",
    }
