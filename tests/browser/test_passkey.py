"""A passkey from its making to the next sign-in, with the authenticator that Chromium pretends to have."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from tests.browser.chromium import axe_violations
from tests.browser.people import LOCALES, Person
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_fingerprint(page: Page) -> Any:
    """Give the browser a built-in authenticator whose finger is always there."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools


@pytest.mark.parametrize("language", LOCALES)
def test_a_passkey_is_made_and_opens_the_account(
    live_server: Any, new_page: Callable[..., Page], language: str
) -> None:
    li = UserFactory(email="li@works.test", language=language)
    page = new_page(locale=LOCALES[language])
    with_fingerprint(page)
    person = Person(page, live_server.url, language)

    prefix = "" if language == "zh-hans" else f"/{language}"
    person.go(f"/accounts/login/?next={prefix}/accounts/2fa/webauthn/add/")
    assert axe_violations(page) == []
    person.write(login=li.email, password=PASSWORD)
    person.press("Sign in")
    person.write(password=PASSWORD)  # once more, before something of the account's safety is changed
    person.press("Go on")
    person.write(name="Phone of the office")
    assert axe_violations(page) == []
    person.press("Add a passkey")
    page.wait_for_url("**/accounts/2fa/webauthn/")
    assert "Phone of the office" in page.inner_text("main")

    page.context.clear_cookies()
    person.go("/accounts/login/")
    person.press("Sign in with a passkey")
    page.wait_for_url("**/enterprise/")

    assert Authenticator.objects.get(user=li).last_used_at is not None


def test_who_closes_the_dialogue_is_told_what_else_there_is(
    live_server: Any, new_page: Callable[..., Page]
) -> None:
    page = new_page(locale=LOCALES["en"])
    with_fingerprint(page)
    person = Person(page, live_server.url, "en")

    person.go("/accounts/login/")
    person.press("Sign in with a passkey")

    page.get_by_text("That did not work. Try again, or take another way.").wait_for()
