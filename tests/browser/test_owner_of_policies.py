"""An owner with a phone finds a real notice, sees why it fits, saves it, and is reminded by mail."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override, pgettext

from core import calendar
from enterprises.actions import record_fact
from services.policies import actions
from services.policies.models import PolicyNotice
from tests.browser.chromium import axe_violations, click
from tests.browser.people import LOCALES, Person, letters_to, link_in
from tests.browser.rounds import PHONE, SIDEWAYS, come_in
from tests.factories.accounts import sign_in
from tests.factories.enterprises import cast
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLUG = "cn-tax-small-low-profit"
WORDS = {"zh-hans": "税费政策", "en": "sole traders"}
# Thirty days before the last day the notice itself names, 31 December 2027.
MORNING = date(2027, 12, 1)


@pytest.fixture
def mailbox(smtp: Mailbox, settings: Any) -> Mailbox:
    """Let the portal send its mails to a server that keeps them."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp.port
    return smtp


def owner(language: str) -> Any:
    """Make Li the owner of works of 120 people, at an address that mails are really sent to."""
    people = cast()
    record_fact(people.enterprise, "employees", 120, source="self", on=calendar.today(), by=people.li)
    people.li.language, people.li.email = language, "li@works.test"
    people.li.save(update_fields=["language", "email"])
    people.li.emailaddress_set.update(email=people.li.email)
    return people.li


@pytest.mark.parametrize("language", LOCALES)
def test_found_understood_saved_and_reminded_of(
    mailbox: Mailbox, live_server: Any, new_page: Callable[..., Any], language: str
) -> None:
    notice = PolicyNotice.objects.get(slug=SLUG)
    user = owner(language)
    page = new_page(locale=LOCALES[language], viewport=PHONE)
    li = Person(come_in(page, live_server.url, sign_in(Client(), user)), live_server.url, language)
    title = notice.title_en if language == "en" else notice.title_zh

    find(li, title)
    understand(li)
    save(li, title)
    call_command("tick")
    arrived = len(letters_to(mailbox, user.email))
    actions.remind(on=MORNING)
    actions.remind(on=MORNING)
    call_command("tick")

    [letter] = letters_to(mailbox, user.email)[arrived:]
    li.open(link_in(letter))
    assert li.page.locator("h1").inner_text() == title


def find(li: Person, title: str) -> None:
    """Search by words of the title, and open the one result that has them."""
    li.go("/policies/")
    li.write(q=WORDS[li.language])
    li.press("Search")
    assert li.page.locator("main mark").count() > 0
    looks_right(li)
    click(li.page.locator("main").get_by_role("link", name=title).first)
    assert li.page.locator("h1").inner_text() == title


def understand(li: Person) -> None:
    """Read the verdict, and the condition with the fact it was judged by."""
    assert li.word("You meet every condition we can check; the authority also judges those below.") in li.text
    assert li.page.locator("main article .tag--ok").count() >= 1
    assert "120" in li.page.locator("main article").first.inner_text()
    looks_right(li)


def save(li: Person, title: str) -> None:
    with override(li.language):
        label = pgettext("mark", "Save")
    click(li.page.locator("#marks").locator("..").get_by_role("button", name=label).first)
    li.go("/policies/saved/")
    assert li.page.locator("main .rows li").count() == 1
    looks_right(li)


def looks_right(li: Person) -> None:
    """No sideways scrolling on the phone, and nothing a screen reader would stumble over."""
    assert li.page.evaluate(SIDEWAYS) == 0
    assert axe_violations(li.page) == []
