"""Every page that somebody can read: accessible at a desk and on a phone, never sideways, quiet, well titled.

The pages are found by walking the resolver, so a new page is looked at from its first day. Each test is one
person in one language and lists everything that is wrong on their way, page by page.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.conf import settings as portal
from playwright.sync_api import Page

from tests.browser.chromium import BY_WIDTH, axe_violations, click
from tests.browser.rounds import (
    DESKTOP,
    LANGUAGES,
    NARROW,
    PHONE,
    SIDEWAYS,
    come_in,
    localized,
    readable,
    speak,
    unfold,
)
from tests.portal.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
BOTH = pytest.mark.parametrize("language", LANGUAGES)
# What each reader sees otherwise than somebody before them in this list.
ROOMS = {
    "anonymous": ["/"],
    "owner": ["/accounts/", "/enterprise/", "/requests/", "/policies/", "/services/", "/notifications/"],
    "stranger": ["/enterprise/"],
    "viewer": ["/enterprise/profile/", "/enterprise/members/", "/requests/QD"],
    "triage": ["/accounts/"],
}
# Further pages behind the same doors: the other steps of journeys, filtered and empty lists.
STEPS = ("identity", "region", "industry", "qualifications", "contact")
MORE = {
    "anonymous": [
        "/policies/?q=补贴&sort=newest", "/policies/?q=nothing-like-this", "/policies/?page=2",
        "/services/?free=1", "/services/?q=nothing-like-this", "/services/?group=digital_factory",
        "/help/sme/", "/help/answers/", "/help/voucher/",
    ],
    "owner": [
        *(f"/enterprise/register/{step}/" for step in STEPS),
        *(f"/enterprise/profile/{step}/" for step in STEPS[1:]),
        "/enterprise/register/industry/?q=机械", "/requests/new/?offering={offering}",
        "/requests/drafts/{draft}/contact/", "/requests/drafts/{draft}/check/",
    ],
}  # fmt: skip
# One role sees most of the desk; the others show the verbs and forms that are theirs.
DESK = {
    "superuser": ["/admin/"],
    "triage": ["/admin/service_requests/"],
    "publisher": ["/admin/policies/"],
    "reviewer": ["/admin/policies/"],
}
LARGER = {
    "large": ["/", "/policies/", "/services/", "/requests/ask/", "/help/", "/policies/lathe-subsidy/"],
    "senior": ["/", "/policies/", "/requests/ask/", "/sitemap/"],
}


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


# What a reader can follow, press and fill in, of the page as it was sent and as it stands after its scripts.
CONTROLS = """sent => {
  const of = root => [...root.querySelectorAll('a[href], form, button, input, select, textarea')].map(one =>
    [one.localName, one.getAttribute('href') || one.getAttribute('action') || one.name || '',
     one.localName === 'button' ? one.textContent.trim() : ''].join(' ').trim()).sort();
  const before = of(new DOMParser().parseFromString(sent, 'text/html')), after = of(document);
  return [before.filter(one => !after.includes(one)), after.filter(one => !before.includes(one))];
}"""
ON_PAPER = """() => [...document.querySelectorAll('.topline, .nav, .skip, .sitesearch, .foot-grid, h1')]
  .filter(one => one.getClientRects().length).map(one => one.localName === 'h1' ? 'h1' : one.className)"""


def without_script(page: Page, sent: str) -> set[str]:
    """Say what stands on the page only with script, or only without (U59)."""
    lost, added = page.evaluate(CONTROLS, sent)
    return {f"lost by script: {one}" for one in lost} | {f"there by script alone: {one}" for one in added}


def on_paper(page: Page) -> set[str]:
    """Say what of the frame is printed, and whether the heading is (U60)."""
    page.emulate_media(media="print")
    printed = page.evaluate(ON_PAPER)
    page.emulate_media(media="screen")
    return {f"printed: {part}" for part in printed if part != "h1"} | (
        set() if "h1" in printed else {"its heading is not printed"}
    )


def look(page: Page, path: str, *, is_desk: bool = False) -> list[str]:
    """Say what is wrong on the page as it stands, at three widths.

    Chinese pages get the whole examination at a desk and what depends on the width on a phone, English ones
    the other way round.
    """
    unfold(page)
    is_english = page.locator("html").get_attribute("lang") == "en"
    page.set_viewport_size(DESKTOP)
    wrong = {f"desktop {fault}" for fault in axe_violations(page, only=BY_WIDTH if is_english else None)}
    page.set_viewport_size(PHONE)
    wrong |= {f"phone {fault}" for fault in axe_violations(page, only=None if is_english else BY_WIDTH)}
    page.set_viewport_size(NARROW)
    if not is_desk and page.evaluate(SIDEWAYS):
        wrong.add(f"scrolls sideways by {page.evaluate(SIDEWAYS)} px at 320 px")
    if not page.locator("html").get_attribute("lang"):
        wrong.add("does not say its language")
    if page.locator("h1").count() != 1:
        wrong.add(f"{page.locator('h1').count()} main headings")
    wrong |= set() if is_desk else on_paper(page)
    wrong |= set(page.watch.unexpected)
    page.watch.faults.clear()
    return [f"{path}: {fault}" for fault in sorted(wrong)]


def go_round(page: Page, address: str, paths: Iterable[str], **kind: bool) -> tuple[list[str], list[str]]:
    """Visit pages; return what is wrong with them, and their titles."""
    wrong, titles = [], []
    for path in paths:
        answer = page.goto(f"{address}{path}")
        if answer and not kind.get("is_desk"):
            wrong += [f"{path}: {fault}" for fault in sorted(without_script(page, answer.text()))]
        wrong += look(page, path, **kind)
        titles.append(page.title())
    return wrong, titles


# --- the site ---------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("role", ROOMS)
def test_every_page_of_the_site_is_in_order(
    live_server: Any, new_page: Open, world: World, role: str, language: str
) -> None:
    page = come_in(new_page(), live_server.url, world.client(role))

    wrong, titles = go_round(page, live_server.url, readable(world, role, language, ROOMS[role]))
    more, _ = go_round(page, live_server.url, further(world, role, language))

    assert wrong + more == []
    assert [title for title, times in Counter(titles).items() if times > 1] == []


def further(world: World, role: str, language: str) -> list[str]:
    """Return the further pages of a person, filled in."""
    known = {"offering": world.values["catalogue:detail slug"], "draft": world.values["requests:draft key"]}
    return [localized(path.format(**known), language) for path in MORE.get(role, [])]


@BOTH
@pytest.mark.parametrize("way", LARGER)
def test_larger_text_is_in_order_on_a_phone(
    live_server: Any, new_page: Open, world: World, way: str, language: str
) -> None:
    page = new_page(viewport=PHONE)
    page.context.add_cookies([{"name": portal.TEXT_SIZE_COOKIE_NAME, "value": way, "url": live_server.url}])

    wrong, _ = go_round(page, live_server.url, [localized(path, language) for path in LARGER[way]])

    assert wrong == []
    assert page.locator("html").get_attribute("data-text") == "large"


# --- forms sent empty -------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("role", ["anonymous", "owner"])
def test_forms_sent_empty_are_in_order(
    live_server: Any, new_page: Open, world: World, role: str, language: str
) -> None:
    page = come_in(new_page(), live_server.url, world.client(role))
    page.watch.allow("Failed to load resource")
    wrong = []
    for path in forms_of(world, role):
        page.goto(f"{live_server.url}{localized(path, language)}")
        send_empty(page)
        wrong += look(page, f"{path} sent empty")
        if page.locator("main .errsum").count() != 1:
            wrong.append(f"{path}: does not say what is wrong")

    assert wrong == []


def forms_of(world: World, role: str) -> list[str]:
    if role == "anonymous":
        accounts = ("login", "signup", "password/reset")
        return ["/requests/ask/", "/requests/track/", *(f"/accounts/{page}/" for page in accounts)]
    draft = f"/requests/drafts/{world.values['requests:draft key']}"
    steps = ("identity", "region", "industry", "contact")
    return [
        *(f"/enterprise/register/{step}/" for step in steps),
        "/enterprise/members/invite/",
        f"{draft}/need/",
        f"{draft}/contact/",
        f"/requests/{world.values['reference']}/",
        "/accounts/details/",
        "/accounts/password/change/",
    ]


def send_empty(page: Page) -> None:
    """Empty the first form that is not a search, and send it."""
    form = page.locator("main form[method=post]").first
    for field in form.locator(
        "input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=file]), textarea"
    ).all():
        if field.is_visible():
            field.fill("")
    for chooser in form.locator("select").all():
        chooser.select_option("")
    click(form.locator("button:not([aria-hidden]):not(.btn--quiet)").first)


# --- the desk ---------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("role", DESK)
def test_every_page_of_the_desk_is_in_order(
    live_server: Any, new_page: Open, world: World, role: str, language: str
) -> None:
    speak(world, role, language)
    page = come_in(new_page(), live_server.url, world.client(role))
    paths = readable(world, role, language, DESK[role])

    wrong, _ = go_round(page, live_server.url, paths, is_desk=True)

    assert wrong == []
