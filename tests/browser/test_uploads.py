"""Files on a phone, with script and without: an error keeps them, a button takes them away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from services.requests.models import ServiceRequest
from tests.browser.chromium import click
from tests.browser.people import Person
from tests.browser.rounds import come_in
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.files import PDF
from tests.factories.requests import draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_files_outlive_an_error_on_a_phone(
    live_server: Any, new_page: Callable[..., Any], script: bool
) -> None:
    people: Cast = cast()
    row = draft(people.li, people.enterprise)
    page = new_page(java_script_enabled=script, viewport=PHONE)
    come_in(page, live_server.url, sign_in(Client(), people.li))
    li = Person(page, live_server.url, "en")

    li.go(f"/requests/drafts/{row.key}/need/")
    li.write(subject="")
    page.locator("main [name=papers]").set_input_files(
        [
            {"name": "执照.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "list.pdf", "mimeType": "application/pdf", "buffer": PDF},
        ]
    )
    li.press("Save and continue")

    assert page.locator("main .errsum").is_visible()
    names = page.locator("main .held li > span:not(.meta-inline)")
    assert names.all_inner_texts() == ["执照.pdf", "list.pdf"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    click(page.locator("main .held button").nth(1))
    assert names.all_inner_texts() == ["执照.pdf"]
    li.write(subject="联网")
    li.press("Save and continue")

    assert li.path.endswith("/contact/")
    kept = ServiceRequest.objects.get(pk=row.pk).attachments.select_related("file")
    assert [paper.file.name for paper in kept] == ["执照.pdf"]


def test_the_characters_left_are_said_politely_once_typing_pauses(
    live_server: Any, new_page: Callable[..., Any]
) -> None:
    people: Cast = cast()
    row = draft(people.li, people.enterprise, body="四个字呀")
    page = new_page(viewport=PHONE)
    come_in(page, live_server.url, sign_in(Client(), people.li))

    Person(page, live_server.url, "en").go(f"/requests/drafts/{row.key}/need/")
    said = page.locator("main .count-left")
    assert said.inner_text() == "3996 characters left"
    assert said.get_attribute("aria-live") == "polite"

    page.locator("main [name=body]").press_sequentially("abc")
    page.wait_for_timeout(900)

    assert said.inner_text() == "3993 characters left"
