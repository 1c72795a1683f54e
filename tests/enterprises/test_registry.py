"""The registry fills in what it knows; without one, or with a silent one, people type."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from core import drafts
from enterprises import registry
from enterprises.registry import Entry, RegistryUnavailable
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import credit_code
from tests.notifications import outside
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


# --- one provider -------------------------------------------------------------------


@pytest.fixture
def provider(settings: Any) -> Iterator[outside.Service]:
    """A server on this machine that answers as Qichacha does."""
    with outside.running() as service:
        settings.REGISTRY_URL = (
            service.base.replace("http://", "http://KEY:SEC%2FRET@") + "/FuzzySearch/GetList"
        )
        settings.ENTERPRISE_REGISTRY = "enterprises.qichacha.Qichacha"
        yield service


def row(**given: str) -> dict[str, str]:
    return {"CreditCode": CODE, "Name": "青岛海风机械厂", "StartDate": "2018-06-01 00:00:00", **given}


def test_the_provider_is_asked_signed_and_its_exact_hit_is_taken(provider: outside.Service) -> None:
    provider.answer = {"Status": "200", "Result": [row(CreditCode="X", Name="Another"), row()]}

    found = registry.look_up(CODE)

    asked = provider.asked[0]
    signed = hashlib.md5(f"KEY{asked.headers['timespan']}SEC/RET".encode()).hexdigest().upper()  # noqa: S324 - as the provider asks
    assert found == Entry(CODE, "青岛海风机械厂", {"founded_on": "2018-06-01"})
    assert (asked.path, asked.query) == ("/FuzzySearch/GetList", {"key": "KEY", "searchKey": CODE})
    assert asked.headers["token"] == signed
    assert "SEC" not in asked.path + str(asked.query)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Status": "201", "Message": "nothing"},
        {"Status": "200"},
        {"Status": "200", "Result": None},
        {"Status": "200", "Result": "x"},
        {"Status": "200", "Result": [None, 1, "x"]},
        {"Status": "200", "Result": [row(CreditCode="91")]},
        {"Status": "200", "Result": [row(Name=" ")]},
        {"Status": "101", "Message": "no money left"},
    ],
)
def test_whatever_else_it_answers_nobody_is_held_up(
    provider: outside.Service, answer: dict[str, Any]
) -> None:
    provider.answer = answer

    assert registry.look_up(CODE) is None


@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_provider_in_trouble_is_the_same_as_none(provider: outside.Service, status: int) -> None:
    provider.status, provider.answer = status, {"Status": "200", "Result": [row()]}

    assert registry.look_up(CODE) is None


def test_a_founding_date_that_is_none_is_left_out(provider: outside.Service) -> None:
    provider.answer = {"Status": "200", "Result": [row(StartDate="-")]}

    assert registry.look_up(CODE) == Entry(CODE, "青岛海风机械厂", {})


def test_a_provider_that_is_gone_is_the_same_as_none(settings: Any) -> None:
    settings.REGISTRY_URL = "http://KEY:SECRET@127.0.0.1:1/search"
    settings.ENTERPRISE_REGISTRY = "enterprises.qichacha.Qichacha"

    assert registry.look_up(CODE) is None
