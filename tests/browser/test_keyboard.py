"""The main pages by keyboard alone: every control is reached in order, seen, and left again (U56)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.rounds import PHONE, come_in
from tests.portal.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = {
    "anonymous": [
        "/", "/policies/", "/policies/lathe-subsidy/", "/services/", "/requests/ask/", "/search/?q=补贴",
        "/help/", "/accounts/login/",
    ],
    "owner": ["/enterprise/", "/requests/drafts/{draft}/contact/", "/notifications/preferences/"],
}  # fmt: skip

# The controls a Tab should stop at, in order; of a group of radio buttons one alone is a stop.
STOPS = """() => {
  const seen = new Set();
  const controls = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  window.stops = [...document.querySelectorAll(controls)]
    .filter(one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && one.type !== 'hidden')
    .filter(one => one.type !== 'radio' || one.checked || (
      ![...document.getElementsByName(one.name)].some(other => other.checked) && !seen.has(one.name)
      && seen.add(one.name)));
  return window.stops.length;
}"""
STANDS_AT = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  const isSeen = ring && box.bottom > 0 && box.top < innerHeight;
  return [window.stops.indexOf(one), isSeen, one.outerHTML.slice(0, 90)];
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_every_control_is_reached_seen_and_left(
    live_server: Any, new_page: Callable[..., Page], world: World, role: str, size: dict[str, int] | None
) -> None:
    page = come_in(new_page(**({"viewport": size} if size else {})), live_server.url, world.client(role))
    wrong = []
    for path in PAGES[role]:
        page.goto(live_server.url + path.format(draft=world.values["requests:draft key"]))
        wrong += [f"{path}: {fault}" for fault in walk(page)]

    assert wrong == []


def walk(page: Page) -> list[str]:
    """Press Tab through the page from its top; say what was passed over, hidden or out of order."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    count, wrong, reached = page.evaluate(STOPS), [], []
    for _ in range(count):
        page.keyboard.press("Tab")
        place, is_seen, html = page.evaluate(STANDS_AT)
        reached.append(place)
        if not is_seen:
            wrong.append(f"not seen: {html}")
    if reached != list(range(count)):
        wrong.append(f"order {reached} of {count}")
    return wrong
