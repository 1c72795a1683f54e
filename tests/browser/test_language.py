"""A change of language in the middle of something: the page, its conditions, what was typed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import click
from tests.factories.policies import published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE = "金额应为 50 万元"


@pytest.fixture
def report(live_server: Any, new_page: Callable[..., Page]) -> Page:
    """The form that reports an error in a notice, in Chinese."""
    published(slug="ours")
    page = new_page()
    page.goto(f"{live_server.url}/policies/ours/report/")
    return page


def to_english(page: Page) -> None:
    click(page.locator(".topline a[hreflang=en]"))


def test_what_was_typed_comes_along(report: Page) -> None:
    report.locator("#id_text").fill(NOTE)
    report.locator("#id_about").select_option(index=2)
    chosen = report.locator("#id_about").input_value()

    to_english(report)

    assert report.url.endswith("/en/policies/ours/report/")
    assert report.locator("#id_text").input_value() == NOTE
    assert report.locator("#id_about").input_value() == chosen


def test_what_was_typed_is_carried_once_and_nowhere_else(report: Page, live_server: Any) -> None:
    report.locator("#id_text").fill(NOTE)
    to_english(report)
    report.goto(f"{live_server.url}/en/policies/ours/report/")

    assert report.locator("#id_text").input_value() == ""
    assert report.evaluate("sessionStorage.length") == 0


def test_a_refused_form_keeps_its_words_in_the_other_language(report: Page) -> None:
    report.locator("#id_text").fill(NOTE)
    report.locator("#id_email").fill("li@works")
    report.locator("main form").evaluate("form => { form.noValidate = true }")
    click(report.locator("main form button[type=submit]").first)

    to_english(report)

    assert report.locator("#id_text").input_value() == NOTE
    assert report.locator("#id_email").input_value() == "li@works"


def test_conditions_ticked_but_not_sent_come_along_beside_those_in_the_address(
    live_server: Any, new_page: Callable[..., Page]
) -> None:
    published(slug="ours", kind="tax")
    page = new_page()
    page.goto(f"{live_server.url}/policies/?kind=tax&page=1")
    page.locator("[name=level][type=checkbox]").first.check()

    to_english(page)

    assert page.url.endswith("/en/policies/?kind=tax&page=1")
    assert page.locator("[name=level][type=checkbox]").first.is_checked()
    assert page.locator("[name=kind][type=checkbox][value=tax]").is_checked()


def test_a_password_is_never_carried(live_server: Any, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("[name=login]").fill("li@works.test")
    page.locator("[name=password]").fill("not for the store")

    to_english(page)

    assert page.locator("[name=login]").input_value() == "li@works.test"
    assert page.locator("[name=password]").input_value() == ""
