"""Go the rounds: every page that somebody can read, in Chromium, signed in as that person."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.portal.walk import every_door
from tests.portal.world import World

LANGUAGES = ("zh-hans", "en")
# Without a language in their address: the desk speaks the language of its reader.
UNPREFIXED = ("/admin/", "/livez", "/readyz", "/statusz", "/robots.txt", "/sitemap.xml", "/.well-known/")
NARROW = {"width": 320, "height": 640}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def localized(path: str, language: str) -> str:
    """Return the address of the same page in a language."""
    if language == "zh-hans" or path.startswith(UNPREFIXED):
        return path
    return f"/{language}{path}"


def readable(world: World, role: str, language: str, rooms: Iterable[str] = ("/",)) -> Iterator[str]:
    """Give the address of every page under `rooms` that this person gets as HTML."""
    client = world.client(role)
    for door in every_door():
        path = world.path(door)
        if not path.startswith(tuple(rooms)):
            continue
        response = client.get(localized(path, language))
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            yield localized(path, language)


def speak(world: World, role: str, language: str) -> None:
    """Make a language the one this person reads at the desk."""
    person = world.people[role]
    if person:
        person.language = language
        person.save(update_fields=["language"])


def come_in(page: Page, address: str, client: Client) -> Page:
    """Give the browser the session that a test client holds."""
    if settings.SESSION_COOKIE_NAME in client.cookies:
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])
    return page


def unfold(page: Page) -> None:
    """Open every disclosure, so that what it hides is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
