"""The keys of the desk: they move, they leave typing alone, and they can be switched off."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from services.requests.models import ServiceRequest
from tests.browser.chromium import axe_violations, click
from tests.browser.rounds import come_in
from tests.factories.accounts import sign_in
from tests.factories.enterprises import cast
from tests.factories.requests import in_state, officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/service_requests/servicerequest/"


@pytest.fixture
def page(live_server: Any, new_page: Callable[..., Any]) -> Any:
    """A browser of Chen's, with three requests in the queue."""
    people, chen = cast(), officer("Chen")
    for _number in range(3):
        in_state("in_progress", people.li, people.enterprise, chen)
    page = new_page()
    come_in(page, live_server.url, sign_in(Client(), chen))
    page.goto(live_server.url + QUEUE)
    return page


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_a_list_is_walked_and_a_row_opened(page: Any) -> None:
    first, second, _third = ServiceRequest.objects.order_by("due_at", "id")

    page.keyboard.press("j")
    assert focused(page) == first.reference
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == second.reference
    page.keyboard.press("x")
    assert page.locator("input.action-select:checked").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{second.pk}/change/**")
    page.keyboard.press("r")
    page.keyboard.type("jk?")

    assert page.locator("#id_reply_text").input_value() == "jk?"


def test_the_help_opens_closes_and_leads_to_the_switch(page: Any) -> None:
    page.keyboard.press("?")
    assert page.locator("#desk-keys").is_visible()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#desk-keys").is_visible()

    page.keyboard.press("?")
    click(page.locator("#desk-keys a"))
    page.wait_for_url("**/admin/keys/")
    assert axe_violations(page) == []
    click(page.locator("#content-main button"))
    page.goto(page.url.replace("/admin/keys/", QUEUE))
    page.keyboard.press("j")
    page.keyboard.press("?")

    assert page.locator("#desk-keys").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "BODY"
