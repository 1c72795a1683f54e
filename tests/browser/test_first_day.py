"""What a new owner gets done on a 360-pixel phone in Chinese, counted: taps, answers, pages, minutes.

The minutes are reckoned, since a machine types faster than a thumb: each key and each tap costs what a slow
person needs for it, each page the time to look around on it, and the wait for its answer is real.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page

from enterprises.models import Enterprise
from services.requests.models import ServiceRequest
from tests.browser.chromium import PHONE
from tests.browser.people import Person, letters_to, link_in
from tests.browser.rounds import SIDEWAYS, come_in
from tests.factories.accounts import PASSWORD, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import MembershipFactory, credit_code
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LI = "li@works.test"
# Two keys a second, a tap every one and a half, four seconds to take in a page.
KEY_SECONDS, TAP_SECONDS, PAGE_SECONDS = 0.5, 1.5, 4.0


class Thumb(Person):
    """A person with a phone whose taps, keys, answers and pages are counted."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "zh-hans")
        self.taps = self.keys = self.answers = 0
        self.pages: list[str] = []
        self.began = time.monotonic()
        page.on("load", lambda loaded: self.pages.append(loaded.url))

    def write(self, **answers: str) -> None:
        for value in answers.values():
            self.answers += 1
            self.taps += 1
            self.keys += len(value)
        super().write(**answers)

    def tick(self, name: str) -> None:
        self.taps += 1
        self.page.locator(f"main [name={name}]").last.check()

    def press(self, words: str) -> None:
        self.taps += 1
        super().press(words)

    def follow(self, words: str) -> None:
        self.taps += 1
        super().follow(words)

    @property
    def seconds(self) -> float:
        waited = time.monotonic() - self.began
        return waited + self.keys * KEY_SECONDS + self.taps * TAP_SECONDS + len(self.pages) * PAGE_SECONDS


@pytest.fixture
def thumb(live_server: Any, new_page: Callable[..., Page]) -> Callable[..., Thumb]:
    """Return a function that hands somebody a small phone."""

    def take(user: Any = None) -> Thumb:
        page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
        if user:
            come_in(page, live_server.url, sign_in(Client(), user))
        return Thumb(page, live_server.url)

    return take


def test_from_the_front_page_to_a_match_in_four_taps(thumb: Callable[..., Thumb]) -> None:
    li = thumb()
    li.go("/")

    for name in ("industry", "staff", "district"):
        field = li.page.locator(f"main [name={name}]")
        li.write(**{name: field.locator("option").nth(1).get_attribute("value") or ""})
    li.press("Show matching policies")

    li.page.wait_for_url("**/policies/check/**")
    assert li.taps <= 4
    assert li.page.locator("main .notice-card").count() > 0
    assert li.page.evaluate(SIDEWAYS) == 0


def test_registered_with_nine_answers_in_three_minutes(
    smtp: Mailbox, settings: Any, thumb: Callable[..., Thumb]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp.port
    account = thumb()
    account.go("/accounts/signup/")
    account.write(email=LI, name="李华", password1=PASSWORD)
    account.tick("privacy")
    account.press("Sign up")
    call_command("tick")
    account.open(link_in(letters_to(smtp, LI)[0]))
    account.press("Yes, confirm")
    account.write(login=LI, password=PASSWORD)
    account.press("Sign in")

    li = Thumb(account.page, account.address)
    register(li)

    assert Enterprise.objects.get().name == "青岛海风机械厂"
    assert li.answers <= 9
    assert li.seconds <= 180


def register(li: Thumb) -> None:
    """Give the answers that stand on the licence and in the books, check them, send them."""
    li.follow("How registration works")
    li.follow("Start now")
    li.follow("Credit code and name")
    li.write(uscc=credit_code(77), name="青岛海风机械厂")
    li.press("Save and continue")
    li.write(region="370211")
    li.press("Save and continue")
    li.write(industry="34")
    li.press("Save and continue")
    li.answers += 1
    li.tick("industry")
    li.press("Save and continue")
    li.write(employees="120", revenue_wan="5,000", founded_on="2015-03")
    li.press("Save and continue")
    li.press("Save and continue")
    li.write(contact_phone="0532 8588 0000")
    li.press("Save and continue")
    li.press("Register the enterprise")


def test_a_free_service_is_asked_for_in_six_pages(thumb: Callable[..., Thumb]) -> None:
    OfferingFactory(slug="diagnosis", name_zh="入企诊断", is_free=True)
    li = thumb(MembershipFactory().user)

    li.go("/services/diagnosis/")
    li.follow("Request this")
    li.press("Start")
    li.write(subject="设备联网", body="想请人到车间看看。")
    li.press("Save and continue")
    li.press("Save and continue")
    li.press("Submit the request")
    li.page.wait_for_load_state("load")

    assert str(ServiceRequest.objects.get().reference) in li.text
    assert len(li.pages) <= 6
