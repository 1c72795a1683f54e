"""The main forms do their work in a browser that runs no script (U59)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from services.policies.models import Kind
from services.requests.models import ServiceRequest
from tests.browser.people import LOCALES, Person
from tests.browser.rounds import come_in
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import MembershipFactory, credit_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=LOCALES)
def plain(request: Any, live_server: Any, new_page: Callable[..., Any]) -> Callable[..., Person]:
    """Return a function that puts somebody at a browser without script."""

    def sit_down(user: Any = None) -> Person:
        page = new_page(java_script_enabled=False)
        if user:
            come_in(page, live_server.url, sign_in(Client(), user))
        return Person(page, live_server.url, request.param)

    return sit_down


def test_a_step_of_the_registration_says_what_is_wrong_and_goes_on(plain: Callable[..., Person]) -> None:
    li = plain(UserFactory())

    li.go("/enterprise/register/identity/")
    li.write(uscc=credit_code(5)[:-1], name="青岛海风机械厂")
    li.press("Save and continue")

    assert li.page.locator("main .errsum").is_visible()
    assert li.page.locator("main [name=name]").input_value() == "青岛海风机械厂"
    li.write(uscc=credit_code(5))
    li.press("Save and continue")
    assert li.path.endswith("/enterprise/register/region/")


def test_policies_are_filtered_and_sorted(plain: Callable[..., Person]) -> None:
    visitor = plain()

    visitor.go("/policies/")
    visitor.page.locator(f"main input[type=checkbox][value={Kind.FUNDING}]").check()
    visitor.press("Apply filters")

    assert parse_qs(urlsplit(visitor.page.url).query)["kind"] == [Kind.FUNDING]
    assert visitor.page.locator("main article, main .notice-card").count() > 0


def test_a_request_is_made_and_submitted(plain: Callable[..., Person]) -> None:
    li = plain(MembershipFactory().user)
    OfferingFactory(slug="diagnosis")

    li.go("/requests/new/?offering=diagnosis")
    li.press("Start")
    li.write(subject="设备联网", body="想请人到车间看看。")
    li.press("Save and continue")
    li.write(contact_name="李华", contact_phone="0532 8588 0000")
    li.press("Save and continue")
    li.press("Submit the request")

    assert str(ServiceRequest.objects.get().reference) in li.text
