"""The frame in a real browser: accessible, never scrolling sideways, quiet, and working without script."""

import pytest

from tests.browser.chromium import PHONE, axe_violations, click
from tests.factories.catalogue import OfferingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = [
    "/",
    "/help/",
    "/help/sme/",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/terms/",
    "/sitemap/",
    "/components/",
]
BOTH = [f"{prefix}{path}" for path in PATHS for prefix in ("", "/en")]
BROKEN = ["/nothing/", "/empty/405/", "/empty/429/", "/forbid/", "/fall/", "/wait/"]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NARROW = {"width": 320, "height": 640}


@pytest.fixture(autouse=True)
def _gallery_is_open(settings) -> None:
    settings.DEBUG = True


@pytest.mark.parametrize("path", BOTH)
def test_no_accessibility_fault_on_desk_and_phone(live_server, new_page, path: str) -> None:
    for size in ({}, {"viewport": PHONE}):
        page = new_page(**size)
        page.goto(f"{live_server.url}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

        assert axe_violations(page) == []


@pytest.mark.parametrize("path", BOTH)
def test_nothing_scrolls_sideways_on_a_narrow_screen_or_in_large_text(
    live_server, new_page, path: str
) -> None:
    page = new_page(viewport=NARROW)
    page.goto(f"{live_server.url}{path}")
    narrow = page.evaluate(SIDEWAYS)
    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("document.documentElement.dataset.text = 'large'")

    assert (narrow, page.evaluate(SIDEWAYS)) == (0, 0)


@pytest.mark.urls("tests.portal.breaking_urls")
@pytest.mark.parametrize("path", [f"{prefix}{path}" for path in BROKEN for prefix in ("", "/en")])
def test_error_pages_are_as_good_as_others(live_server, new_page, settings, path: str) -> None:
    settings.DEBUG = False
    page = new_page(viewport=NARROW)
    page.watch.allow("Failed to load resource")
    page.goto(f"{live_server.url}{path}")

    assert axe_violations(page) == []
    assert page.evaluate(SIDEWAYS) == 0


def test_larger_text_works_without_script(live_server, new_page) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/en/help/?a=b")

    click(page.get_by_role("button", name="Larger text").first)

    assert page.url == f"{live_server.url}/en/help/?a=b"
    assert page.locator("html").get_attribute("data-text") == "large"


def test_the_menu_of_a_phone_opens_without_script(live_server, new_page) -> None:
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{live_server.url}/en/")

    click(page.locator(".nav summary"))

    assert page.locator(".nav details").get_by_role("link", name="My enterprise").is_visible()
    assert page.locator(".nav details").get_by_role("button", name="Larger text").is_visible()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(live_server, page) -> None:
    page.goto(f"{live_server.url}/en/help/")

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert first == "Skip to the content"
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_refused_form_moves_the_focus_to_what_is_wrong(live_server, page) -> None:
    page.goto(f"{live_server.url}/en/components/")

    assert page.evaluate("document.activeElement.className") == "errsum"
    assert page.title().startswith("Error: ")
    click(page.locator(".errsum a").first)
    assert page.evaluate("document.activeElement.id") == "id_code"


@pytest.mark.parametrize("with_script", [True, False])
def test_what_was_filtered_is_read_from_its_heading_on(live_server, new_page, with_script: bool) -> None:
    OfferingFactory(group="policy")
    page = new_page(viewport=PHONE, java_script_enabled=with_script)
    page.goto(f"{live_server.url}/en/services/")

    click(page.locator(".facet-box summary"))
    page.locator(".facets input[type=checkbox]").first.check()
    click(page.locator(".facets button"))

    assert page.url.endswith("#results")
    if with_script:
        assert page.evaluate("document.activeElement.id") == "results"
        assert page.evaluate("scrollY") > 0


def test_paper_gets_no_menu(live_server, page) -> None:
    page.goto(f"{live_server.url}/")

    page.emulate_media(media="print")

    assert [
        page.locator(part).first.is_visible() for part in (".nav", ".topline", ".hero form", "main h1")
    ] == [
        False,
        False,
        False,
        True,
    ]
