"""Somebody at a browser: goes to pages, types into fields, presses what stands on the buttons."""

import re
from email.message import Message
from email.utils import parseaddr
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, override
from playwright.sync_api import Page

from tests.browser.chromium import click
from tests.mailbox import Mailbox

LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}


class Person:
    """A person with a page of their own, who reads one language."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page = page
        self.address = address
        self.language = language

    def word(self, words: str | Promise, **values: Any) -> str:
        """Return what the portal says for this in the person's language; a lazy text brings its own."""
        with override(self.language):
            said = str(words) if isinstance(words, Promise) else gettext(words)
            return said % values if values else said

    def go(self, path: str) -> None:
        """Open a page of the site in the person's language, a page of the desk as it is."""
        prefix = "" if self.language == "zh-hans" or path.startswith("/admin/") else f"/{self.language}"
        self.page.goto(f"{self.address}{prefix}{path}")

    def open(self, link: str) -> None:
        """Follow a link of a mail, which names the public address of the portal, in a window of its own."""
        self.page.goto("about:blank")  # a link to a place within the page at hand would load nothing
        self.page.goto(self.address + re.sub(r"^https?://[^/]+", "", link))

    def write(self, **answers: str) -> None:
        """Type into fields by their names; long lists are chosen from."""
        for name, value in answers.items():
            field = self.page.locator(f"main [name={name}]").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f"main input[name={name}][value='{value}']").check()

    def press(self, words: str) -> None:
        click(self.page.locator("main").get_by_role("button", name=self.word(words), exact=True).first)

    def follow(self, words: str) -> None:
        click(self.page.get_by_role("link", name=self.word(words), exact=True).first)

    def do(self, verb: str | Promise, **answers: str) -> None:
        """At the desk: open the page of a verb by its button, answer what it asks, and carry it out."""
        label = capfirst(self.word(verb))
        click(self.page.locator(".desk-verbs").get_by_role("link", name=label, exact=True))
        self.write(**answers)
        self.press(label)

    @property
    def text(self) -> str:
        """What stands on the page."""
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)


def letters_to(smtp: Mailbox, address: str) -> list[Message]:
    """Return the mails that have arrived for this person, oldest first."""
    return [message for message in smtp.messages if parseaddr(message["To"])[1] == address]


def link_in(message: Message) -> str:
    """Return the first link of a mail."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    found = re.search(r"https?://\S+", payload.decode())
    assert found, "the mail has no link"
    return found[0]
