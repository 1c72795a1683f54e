"""The desk in a real browser: the colours of the portal, accessible, and nothing that the policy refuses."""

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.chromium import axe_violations
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import MembershipFactory
from tests.factories.requests import submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(live_server, new_page):
    """Return a function that opens a page of the desk as someone with the given role."""

    def open_as(role: str, path: str):
        client = sign_in(Client(), UserFactory(name="Chen", roles=[role]))
        page = new_page()
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.session.session_key,
            "url": live_server.url,
        }
        page.context.add_cookies([cookie])
        page.goto(f"{live_server.url}{path}")
        return page

    return open_as


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("triage_officer", "/admin/"),
        ("triage_officer", "/admin/service_requests/servicerequest/"),
        ("publisher", "/admin/policies/policynotice/"),
        ("publisher", "/admin/policies/policynotice/add/"),
    ],
)
def test_the_desk_is_accessible_and_keeps_the_policy(desk, role: str, path: str) -> None:
    membership = MembershipFactory()
    submitted(membership.user, membership.enterprise)

    page = desk(role, path)

    assert axe_violations(page) == []
    assert page.url.endswith(path)


def test_the_desk_wears_the_colours_of_the_portal_and_offers_no_dark_ones(desk) -> None:
    page = desk("publisher", "/admin/")

    header = page.locator("#header").evaluate("one => getComputedStyle(one).backgroundColor")
    assert header == "rgb(6, 40, 60)"
    assert page.locator(".theme-toggle").count() == 0
