"""Every kind of page in the states it is seldom seen in: sent empty, with nothing to show, in larger text.

The pages are found by walking the resolver, one for each template, so that a new page is looked at from its
first day and the walk stays short; `test_accessibility` looks at all of them as they stand.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client
from playwright.sync_api import Error, Page

from tests.browser.chromium import BY_WIDTH, axe_violations
from tests.browser.rounds import NARROW, PHONE, SIDEWAYS, come_in, localized, speak, unfold
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import EnterpriseFactory, MembershipFactory
from tests.portal.walk import Door, every_door
from tests.portal.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
SITE, DESK = ("anonymous", "owner"), ("superuser", "publisher", "triage")
# What ends the reader's own rights comes after everything else.
LAST = ("/leave/", "/close/", "/hand-over/", "/remove/", "/withdraw", "/delete/")

# Forms of the page itself in which something is typed or chosen.
FORMS = """() => [...document.querySelectorAll('main form, #content form')].filter(form =>
  form.method === 'post' && [...form.elements].some(one => one.offsetParent !== null && !one.readOnly &&
  (['SELECT', 'TEXTAREA'].includes(one.tagName) || one.tagName === 'INPUT' &&
  !['hidden', 'submit', 'button', 'checkbox'].includes(one.type))))"""
SEND = f"""number => {{
  const form = ({FORMS})()[number];
  for (const one of form.elements) {{
    if (one.type === 'hidden' || one.type === 'submit' || one.type === 'file') continue;
    if (one.type === 'radio' || one.type === 'checkbox') one.checked = false; else one.value = '';
  }}
  form.noValidate = true;
  form.requestSubmit([...form.querySelectorAll('button:not([type=button]), input[type=submit]')]
    .find(one => !one.classList.contains('btn--quiet') && !one.hasAttribute('aria-hidden')));
}}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


def one_of_each(
    client: Client, path_of: Callable[[Door], str], language: str, seen: set[str], *, desk: bool = False
) -> Iterator[str]:
    """Give one address for every template that this person gets and nobody got before."""
    for door in sorted(every_door(), key=lambda one: any(word in f"/{one.route}" for word in LAST)):
        path = localized(path_of(door), language)
        if path.startswith("/admin/") != desk:
            continue
        answer = client.get(path)
        is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        if is_page and answer.templates and answer.templates[0].name not in seen:
            seen.add(answer.templates[0].name)
            yield path


def faults(page: Page, what: str, *, only: list[str] | None = None, is_desk: bool = False) -> list[str]:
    """Say what is wrong with the page as it stands on a phone, apart from the frame all pages share."""
    unfold(page)
    within = "#content" if is_desk else "main"
    found = set(axe_violations(page, only=only, within=within)) | set(page.watch.unexpected)
    page.watch.faults.clear()
    page.set_viewport_size(NARROW)
    if not is_desk and (over := page.evaluate(SIDEWAYS)):
        found.add(f"scrolls sideways by {over} px at 320 px")
    page.set_viewport_size(PHONE)
    return [f"{what}: {fault}" for fault in sorted(found)]


# --- sent empty -------------------------------------------------------------------


@pytest.mark.parametrize(("roles", "language"), [(SITE, "zh-hans"), (DESK, "en")], ids=["site", "desk"])
def test_whatever_is_sent_empty_says_what_is_wrong(
    live_server: Any, new_page: Open, world: World, roles: tuple[str, ...], language: str
) -> None:
    seen: set[str] = set()
    wrong: list[str] = []
    sent = 0
    for role in roles:
        if roles is DESK:
            speak(world, role, language)
        pages = list(one_of_each(world.client(role), world.path, language, seen, desk=roles is DESK))
        page = come_in(new_page(viewport=PHONE), live_server.url, world.client(role))
        page.watch.allow("Failed to load resource")
        for path, number in forms_of(page, live_server.url, pages):
            sent += 1
            wrong += send(page, f"{path} form {number} sent empty", number, is_desk=roles is DESK)

    assert wrong == []
    assert sent > 10


def forms_of(page: Page, address: str, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Open every page once for each of its forms; what was sent before may have closed one."""
    for path in paths:
        number = 0
        while page.goto(f"{address}{path}").ok and number < page.evaluate(f"({FORMS})().length"):
            yield path, number
            number += 1


def send(page: Page, what: str, number: int, *, is_desk: bool) -> list[str]:
    """Send a form with nothing in it; say what is wrong with the answer, if anything had to be filled in."""
    try:
        with page.expect_navigation(wait_until="load", timeout=8_000) as answer:
            page.evaluate(SEND, number)
    except Error as error:
        return [f"{what}: {error.message.splitlines()[0]}"]
    if answer.value and answer.value.status >= 500:
        return [f"{what}: answered with {answer.value.status}"]
    if not page.locator(".errsum, .errornote").count():
        return []
    return faults(page, what, is_desk=is_desk)


# --- nothing to show --------------------------------------------------------------


def test_pages_with_nothing_to_show_are_in_order(
    live_server: Any, new_page: Open, transactional_db: None
) -> None:
    newcomer = UserFactory(email="new@works.example")
    MembershipFactory(enterprise=EnterpriseFactory(), user=newcomer, role="owner")
    seen: set[str] = set()
    empty: set[str] = set()
    wrong: list[str] = []
    for client in (Client(), sign_in(Client(), newcomer)):
        page = come_in(new_page(viewport=PHONE), live_server.url, client)
        for path in one_of_each(client, plain, "zh-hans", seen):
            page.goto(f"{live_server.url}{path}")
            if page.locator("main .empty").count():
                empty.add(path)
                wrong += faults(page, path)

    assert wrong == []
    assert {"/", "/requests/"} <= empty


def plain(door: Door) -> str:
    """Give the address of a door without parameters; of others the front page, which is met once."""
    return "/" if door.parameters else f"/{door.route}"


# --- larger text ------------------------------------------------------------------


def test_larger_text_holds_every_kind_of_page(live_server: Any, new_page: Open, world: World) -> None:
    seen: set[str] = set()
    wrong: list[str] = []
    for role in SITE:
        page = come_in(new_page(viewport=PHONE), live_server.url, world.client(role))
        page.context.add_cookies(
            [{"name": portal.TEXT_SIZE_COOKIE_NAME, "value": "large", "url": live_server.url}]
        )
        for path in one_of_each(world.client(role), world.path, "en", seen):
            page.goto(f"{live_server.url}{path}")
            wrong += faults(page, path, only=BY_WIDTH)

    assert wrong == []
