"""The two flows that the house stands for, in a real browser, mails through a real mail server."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import second_factor
from core import calendar
from enterprises.actions import record_fact
from notifications.models import Notification
from services.policies.models import PolicyNotice
from services.requests.models import ServiceRequest, State
from tests.browser.chromium import click
from tests.browser.people import LOCALES, Person, letters_to, link_in
from tests.browser.rounds import come_in
from tests.factories.accounts import PASSWORD, UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import cast, credit_code
from tests.factories.requests import officer
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("language", LOCALES)
LI, CHEN = "li@works.test", "chen@desk.test"


@pytest.fixture
def mailbox(smtp: Mailbox, settings: Any) -> Mailbox:
    """Let the portal send its mails to a server that keeps them."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp.port
    return smtp


@pytest.fixture
def someone(live_server: Any, new_page: Callable[..., Any]) -> Callable[..., Person]:
    """Return a function that puts a person, signed in when one is given, at a browser."""

    def sit_down(language: str, user: Any = None) -> Person:
        page = new_page(locale=LOCALES[language])
        if user:
            come_in(page, live_server.url, sign_in(Client(), user))
        return Person(page, live_server.url, language)

    return sit_down


def reading(user: Any, language: str) -> Any:
    """Let this person read a language, at an address that mails are really sent to."""
    user.language, user.email = language, user.email.replace(".example", ".test")
    user.save(update_fields=["language", "email"])
    user.emailaddress_set.update(email=user.email)
    return user


# --- flow 2: request, triage, reply -----------------------------------------------


@BOTH
def test_from_sign_up_to_the_rating(mailbox: Mailbox, someone: Callable[..., Person], language: str) -> None:
    chen_works_here = reading(officer("Chen"), language)
    second_factor.set_up(chen_works_here)
    OfferingFactory(slug="diagnosis", name_zh="入企诊断", name_en="On-site diagnosis")
    li, chen = someone(language), someone(language)

    sign_up(li, mailbox)
    register(li)
    reference = ask_for(li, "diagnosis")
    call_command("tick")
    assert [str(reference) in link_in(letter) for letter in letters_to(mailbox, LI)][-1]

    triage(chen, chen_works_here, reference)
    call_command("tick")
    supply(li, letters_to(mailbox, LI)[-1])
    call_command("tick")
    answer_and_close(chen, letters_to(mailbox, CHEN)[-1])
    call_command("tick")
    rate(li, letters_to(mailbox, LI)[-1])

    row = ServiceRequest.objects.get(reference=reference)
    assert (row.state, row.rating, row.enterprise.name) == (State.RESOLVED, 5, "青岛海风机械厂")


def sign_up(li: Person, mailbox: Mailbox) -> None:
    """Open an account, confirm the address by the link of the mail, and sign in."""
    li.go("/accounts/signup/")
    li.write(email=LI, name="李华", password1=PASSWORD)
    li.page.locator("main [name=privacy]").check()
    li.press("Sign up")
    call_command("tick")
    li.open(link_in(letters_to(mailbox, LI)[0]))
    li.press("Yes, confirm")
    li.write(login=LI, password=PASSWORD)
    li.press("Sign in")
    assert li.path.endswith("/enterprise/")


def register(li: Person) -> None:
    """Go through the four tasks, check the answers, send them."""
    li.follow("How registration works")
    li.follow("Start now")
    li.follow("Credit code and name")
    for answers in (
        {"uscc": credit_code(77), "name": "青岛海风机械厂"},
        {"region": "370211"},
        {"industry": "34"},
    ):
        li.write(**answers)
        li.press("Save and continue")
    li.page.locator("main input[name=industry]").last.check()
    li.press("Save and continue")
    li.write(employees="120", revenue_wan="5,000", founded_on="2015-03")
    li.press("Save and continue")
    li.press("Save and continue")
    li.write(contact_phone="0532 8588 0000")
    li.press("Save and continue")
    assert "青岛海风机械厂" in li.text
    li.press("Register the enterprise")
    assert credit_code(77) in li.text


def ask_for(li: Person, offering: str) -> str:
    """Ask for an offering from its page; return the reference that Li sees."""
    li.go(f"/services/{offering}/")
    li.follow("Request this")
    li.press("Start")
    li.write(subject="设备联网", body="想请人到车间看看。")
    li.press("Save and continue")
    li.press("Save and continue")
    assert "想请人到车间看看。" in li.text
    li.press("Submit the request")
    reference = str(ServiceRequest.objects.get().reference)
    assert reference in li.text
    return reference


def code_that_lasts(account: Any) -> str:
    """Wait, as people do, for the next code where the present one is about to end."""
    left = 30 - time.time() % 30
    if left < 10:
        time.sleep(left)
    return second_factor.current_code(account)


def triage(chen: Person, account: Any, reference: str) -> None:
    """Sign in with password and code, find the request in the queue, take it, ask for papers."""
    chen.go("/admin/")
    if chen.language == "en":
        chen.follow("English")
    chen.write(login=account.email, password=PASSWORD)
    chen.press("Sign in")
    chen.write(code=code_that_lasts(account))
    chen.press("Sign in")
    assert chen.path == "/admin/"
    chen.go("/admin/service_requests/servicerequest/")
    click(chen.page.get_by_role("link", name=reference))
    chen.do("take")
    chen.do("ask for papers", asks="营业执照照片\n设备清单")


def supply(li: Person, letter: Any) -> None:
    li.open(link_in(letter))
    assert "营业执照照片" in li.text
    li.write(item_1="已寄出", item_2="五台数控车床")
    li.press("Send the answers")


def answer_and_close(chen: Person, letter: Any) -> None:
    chen.open(link_in(letter))
    assert "五台数控车床" in chen.text
    panel = chen.page.locator("form[action$='/reply/']")
    panel.locator("[name=text]").fill("周三上午到厂。")
    click(panel.locator("input[type=submit]:not([name])"))
    chen.do("close as done", outcome="已到厂诊断。")


def rate(li: Person, letter: Any) -> None:
    li.open(link_in(letter))
    assert "周三上午到厂。" in li.text
    assert "已到厂诊断。" in li.text
    li.choose("rating", "5")
    li.press("Send the rating")


# --- flow 1: publish, match, notify -----------------------------------------------


@BOTH
def test_from_the_draft_to_the_reader_it_fits(
    mailbox: Mailbox, someone: Callable[..., Person], language: str
) -> None:
    people = cast()
    for works, region, employees in ((people.enterprise, "370211", 120), (people.other, "370102", 40)):
        record_fact(works, "region", region, source="self", on=calendar.today(), by=None)
        record_fact(works, "employees", employees, source="self", on=date(2026, 1, 1), by=None)
    sun, qin = (
        someone(language, reading(UserFactory(name=name, roles=[role]), language))
        for name, role in (("Sun", "publisher"), ("Qin", "reviewer"))
    )
    li, zhao = (someone(language, reading(user, language)) for user in (people.li, people.zhao))
    call_command("tick")
    before = len(mailbox.messages)

    write_notice(sun)
    notice = PolicyNotice.objects.latest("pk")
    desk_page = f"/admin/policies/policynotice/{notice.pk}/change/"
    sun.go(desk_page)
    sun.do("send to review")
    qin.go(desk_page)
    qin.do("approve")
    qin.do("publish")
    call_command("tick")
    call_command("tick")

    [letter] = letters_to(mailbox, people.li.email)
    assert letters_to(mailbox, people.zhao.email) == []
    assert Notification.objects.filter(recipient=people.zhao).count() == 0
    arrived = len(mailbox.messages)
    assert arrived > before

    li.go("/notifications/")
    assert li.page.locator("main .rows li").count() == 1
    li.open(link_in(letter))
    assert li.path.endswith(f"/policies/{notice.slug}/")
    assert li.word("You meet all conditions, by what is known of you.") in li.text
    assert li.page.locator("main article .tag--ok").count() == 2
    zhao.go(f"/policies/{notice.slug}/")
    assert zhao.word("It does not fit: at least one condition is not met.") in zhao.text
    assert zhao.page.locator("main article .tag--hot").count() == 1
    zhao.go("/notifications/")
    assert zhao.page.locator("main .rows li").count() == 0
    assert len(mailbox.messages) == arrived


def write_notice(sun: Person) -> None:
    """Write a notice with one item and two conditions at the desk."""
    sun.go("/admin/policies/policynotice/add/")
    sun.write(
        title_zh="西海岸新区机床补贴办法",
        title_en="Huangdao lathe subsidy",
        issuer_zh="西海岸新区工信局",
        issuer_en="Huangdao Bureau of Industry and IT",
        kind="funding",
        level="district",
        region="370211",
        summary_zh="买数控机床的企业可以领补贴。",
        summary_en="Works that buy lathes get a subsidy.",
    )
    click(sun.page.locator(".add-row a").first)
    sun.write(
        **{
            "items-0-title_zh": "数控机床补贴",
            "items-0-title_en": "Lathe subsidy",
            "items-0-kind": "funding",
            "items-0-regions": "370211",
            "items-0-employees_max": "300",
        }
    )
    click(sun.page.locator("[name=_save]"))
