"""A real Chromium that fails a test when a page complains or asks for something outside."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, sync_playwright

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The size of targets (WCAG 2.2) is the one rule that axe leaves out unless asked.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# What can differ between one width and another.
BY_WIDTH = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
OWN_HOSTS = {"localhost", "127.0.0.1", "::1"}
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


def chromium_path() -> str | None:
    """Return the Chromium of this machine, or nothing."""
    named = os.environ.get("CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests where there is no browser, unless REQUIRE_BROWSER says that there must be one."""
    if chromium_path() or os.environ.get("REQUIRE_BROWSER"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    path = chromium_path()
    assert path, "REQUIRE_BROWSER is set, but there is no Chromium: install one or name it in CHROMIUM."
    # Playwright's loop runs in this thread, and Django would refuse the database to it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Watch:
    """What a page did that it should not have done."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        self.allowed: list[str] = []
        page.on("console", lambda message: self.note(f"console {message.type}: {message.text}", message.type))
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        page.on("request", self.look_at)

    def note(self, fault: str, kind: str) -> None:
        if kind in {"error", "warning"}:
            self.faults.append(fault)

    def look_at(self, request: Request) -> None:
        if (
            urlsplit(request.url).scheme in {"http", "https"}
            and urlsplit(request.url).hostname not in OWN_HOSTS
        ):
            self.faults.append(f"outside request: {request.url}")

    def allow(self, part: str) -> None:
        """Expect faults that contain `part`, such as the console line about a 404 the test asked for."""
        self.allowed.append(part)

    @property
    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(part in fault for part in self.allowed)]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a session of its own, so that two people can be at work.

    `page.watch` (a Watch) holds what went wrong; the test fails at its end when that is not empty.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(**options: Any) -> Page:
        settings = {
            "viewport": DESKTOP,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "bypass_csp": False,
        }
        context = browser.new_context(**(settings | options))
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.watch = Watch(page)
        opened.append((context, page.watch))
        return page

    yield open_page
    for context, _ in opened:
        context.close()
    assert [fault for _, watch in opened for fault in watch.unexpected] == []


def click(what: Locator) -> None:
    """Click, and wait until the page that may follow is whole, its deferred scripts included."""
    what.click()
    what.page.wait_for_load_state()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page at desk width."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """One page at the width of a small phone."""
    return new_page(viewport=PHONE, has_touch=True, is_mobile=True)


def axe_violations(page: Page, *, only: list[str] | None = None, within: str = "") -> list[str]:
    """Return what axe-core finds on the page as it stands: rule, then the elements, one line each.

    `only` names rules and `within` a part of the page, for a second look. The engine is evaluated, not added
    as a script, so that the page keeps its content policy.
    """
    options = AXE_OPTIONS | ({"runOnly": {"type": "rule", "values": only}} if only else {})
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text())
    violations = page.evaluate(
        "([within, options]) => axe.run(within || document, options).then(result => result.violations)",
        [within, options],
    )
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in violations
        for node in violation["nodes"]
    ]
