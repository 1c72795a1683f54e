"""The frame of every page: menus without a dead link, both languages, larger text, titles, components."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site_settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from notifications.models import Notification
from portal.menu import path_in
from portal.pages import HELP
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import MembershipFactory
from tests.pages import PageClient, faults_of
from tests.portal.walk import Door, every_door
from tests.portal.world import World, build

pytestmark = pytest.mark.django_db

PAGES = (
    "home",
    "help",
    "about",
    "accessibility",
    "privacy",
    "terms",
    "sitemap",
    "policies:list",
    "catalogue:list",
)
CRUMBS = re.compile(r'<nav class="crumbs.*?</nav>', re.DOTALL)
TEMPLATES = sorted(Path(site_settings.BASE_DIR, "templates").rglob("*.html"))


class Links(HTMLParser):
    """Collect the addresses of links and of forms that ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.found.add(given["href"] or "")
        if tag == "form" and given.get("method") == "get":
            self.found.add(given["action"] or "")


def title_of(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("start", ["/", "/en/", "/sitemap/", "/en/help/"])
def test_no_link_is_dead(client: Client, start: str) -> None:
    links = Links(client.get(start).content.decode()).found
    paths = {link for link in links if urlsplit(link).path.startswith("/")}

    dead = {path: client.get(path).status_code for path in paths}

    assert len(paths) > 15
    assert {path for path, status in dead.items() if status not in {200, 302}} == set()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_link_of_a_help_page_is_dead(client: Client, prefix: str) -> None:
    pages = [path_in("en" if prefix else "zh-hans", reverse("help_page", args=[text.slug])) for text in HELP]
    found = set().union(*(Links(client.get(page).content.decode()).found for page in pages))
    paths = {urlsplit(link)._replace(fragment="").geturl() for link in found if link.startswith("/")}

    dead = {path: client.get(path).status_code for path in sorted(paths) if "source_url" not in path}

    assert {path for path, status in dead.items() if status not in {200, 302}} == set()


@pytest.mark.parametrize("path", ["/", "/policies/?q=补贴&kind=funding", "/help/sme/"])
def test_the_language_link_keeps_path_and_query(client: Client, path: str) -> None:
    english = f'href="/en{client.get(path).wsgi_request.get_full_path()}" lang="en"'.replace("&", "&amp;")

    assert english in client.get(path).content.decode()
    assert (
        f'href="{path_in("zh-hans", "/en/help/sme/")}" lang="zh-Hans"'
        in client.get("/en/help/sme/").content.decode()
    )


def test_the_language_link_of_a_refused_form_leads_to_the_page_of_the_form() -> None:
    client = PageClient(enforce_csrf_checks=True)

    answer = client.post(
        "/accounts/login/?next=/x/",
        headers={"host": "testserver", "referer": "http://testserver/policies/?q=a"},
    )

    assert answer.status_code == 403
    assert 'href="/en/policies/?q=a" lang="en"' in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("/", "/en/", "/"),
        ("/en/", "/en/", "/"),
        ("/a/?b=c", "/en/a/?b=c", "/a/?b=c"),
        ("/en", "/en/", "/"),
        ("/entry/", "/en/entry/", "/entry/"),
    ],
)
def test_an_address_in_the_other_language(path: str, english: str, chinese: str) -> None:
    assert (path_in("en", path), path_in("zh-hans", path)) == (english, chinese)


@pytest.mark.long
def test_a_page_says_where_it_stands_unless_it_is_home_or_a_journey() -> None:
    world = build()
    seen, without, astray = set(), set(), set()
    for role in ("anonymous", "owner"):
        client = world.client(role)
        for door, answer in pages_of_the_site(world, client):
            seen.add(answer.templates[0].name)
            crumbs = CRUMBS.search(answer.content.decode())
            if not crumbs:
                without.add(door.name)
                continue
            links = re.findall(r'href="([^"]+)"', crumbs[0])
            # A crumb may lead on to sign-in, but never to nothing.
            astray |= {f"{door.name}: {link}" for link in links if get(client, link).status_code >= 400}

    # The second is shown inside the site of a partner, which has a frame of its own.
    assert without == {"home", "widget"}
    assert astray == set()
    assert len(seen) > 60


def pages_of_the_site(world: World, client: Client) -> Iterator[tuple[Door, Any]]:
    """Give every page that this person gets outside the desk, journeys apart."""
    for door in every_door():
        if door.route.startswith(("admin/", "api/")):
            continue
        answer = get(client, world.path(door))
        is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        if is_page and answer.templates and not answer.context.get("journey"):
            yield door, answer


def get(client: Client, path: str) -> Any:
    """Read a page, and take back what reading wrote down."""
    with transaction.atomic():
        answer = client.get(path)
        transaction.set_rollback(True)
    return answer


def test_every_title_is_its_own(client: Client) -> None:
    paths = [path_in(language, reverse(name)) for name in PAGES for language in ("zh-hans", "en")]

    titles = {path: title_of(client.get(path).content.decode()) for path in paths}

    assert len(set(titles.values())) == len(titles)
    assert titles["/en/help/"] == "Help · SME Digital Transformation Service Platform"


def test_a_title_names_page_section_and_site(client: Client) -> None:
    title = title_of(client.get("/en/help/sme/").content.decode())

    assert title == "What counts as an SME? · Help · SME Digital Transformation Service Platform"


def test_the_head_pairs_the_languages_and_describes_the_page(client: Client) -> None:
    html = client.get("/en/about/").content.decode()

    assert '<html lang="en">' in html
    assert '<link rel="alternate" hreflang="zh-Hans" href="http://localhost:8000/about/">' in html
    assert '<link rel="alternate" hreflang="en" href="http://localhost:8000/en/about/">' in html
    assert '<meta name="description" content="What this platform is for and who runs it.">' in html
    assert '<meta property="og:image" content="http://localhost:8000/static/share.png">' in html
    assert '<meta name="format-detection" content="telephone=no, email=no, address=no">' in html


def test_a_first_visit_leaves_no_cookie(client: Client) -> None:
    client.get("/")

    assert dict(client.cookies) == {}


def choose_text(client: Client, size: str, **headers: str) -> object:
    return client.post("/preferences/", {"text": size, "next": "/help/?a=b"}, headers=headers)


def test_larger_text_is_kept_in_a_cookie_and_taken_back(client: Client) -> None:
    answer = choose_text(client, "large", origin="http://testserver")

    assert (answer.status_code, answer["Location"]) == (302, "/help/?a=b")
    assert '<html lang="zh-Hans" data-text="large">' in client.get("/").content.decode()

    choose_text(client, "normal", origin="http://testserver")

    assert '<html lang="zh-Hans">' in client.get("/").content.decode()


def test_the_senior_edition_is_kept_has_few_doors_and_can_be_left(client: Client) -> None:
    answer = choose_text(client, "senior", origin="http://testserver")
    html = client.get("/en/help/").content.decode()

    menu = html.split('<ul class="few">')[1].split("</ul>")[0]
    assert (answer.status_code, '<html lang="en" data-text="large" data-senior>' in html) == (302, True)
    assert re.findall(r'href="([^"]+)"', menu) == [
        "/en/", "/en/policies/", "/en/services/", "/en/requests/track/", "/en/requests/ask/",
        "/en/enterprise/", "/en/sitemap/",
    ]  # fmt: skip

    choose_text(client, "normal", origin="http://testserver")

    assert "data-senior" not in client.get("/en/help/").content.decode()


def test_the_senior_front_page_leads_to_a_match_and_a_person(client: Client) -> None:
    choose_text(client, "senior", origin="http://testserver")

    html = client.get("/en/").content.decode()

    assert 'action="/en/policies/check/"' in html
    assert html.count('href="/en/requests/ask/"') >= 2
    assert ("Four steps" in html, "How we are doing" in html) == (False, False)


def test_an_unknown_way_of_reading_is_the_one_drawn(client: Client, settings) -> None:
    client.cookies[settings.TEXT_SIZE_COOKIE_NAME] = "gigantic"

    assert '<html lang="en">' in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://elsewhere.example"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_cannot_set_the_text_size(client: Client, headers: dict[str, str]) -> None:
    answer = choose_text(client, "large", **headers)

    assert answer.status_code == 403
    assert dict(client.cookies) == {}


def test_larger_text_never_leads_to_another_site(client: Client) -> None:
    answer = client.post(
        "/preferences/",
        {"text": "large", "next": "https://elsewhere.example/"},
        headers={"origin": "http://testserver"},
    )

    assert answer["Location"] == "/"


def test_what_the_operator_has_not_given_is_not_shown(client: Client, settings) -> None:
    settings.SITE = dict.fromkeys(settings.SITE, "")
    bare = client.get("/en/").content.decode()
    settings.SITE = settings.SITE | {"helpline": "0532-0000 0000", "icp": "鲁ICP备00000000号"}
    filled = client.get("/en/").content.decode()

    assert ("tel:" in bare, "Helpline" in bare) == (False, False)
    assert ('href="tel:053200000000"' in filled, "鲁ICP备00000000号" in filled) == (True, True)


def test_sample_data_is_flagged_on_every_page(client: Client, settings) -> None:
    settings.SAMPLE_DATA = True

    pages = [client.get(path_in("en", reverse(name))).content.decode() for name in PAGES]

    assert [page.count('<span class="demo-flag">') for page in pages] == [1] * len(PAGES)


@pytest.mark.parametrize(("reading", "shown"), [("normal", 2), ("senior", 1)])
def test_the_messages_are_always_led_to_and_the_unread_counted_in_words(
    client: Client, reading: str, shown: int
) -> None:
    li, inbox = UserFactory(), "/en/notifications/"
    visited = client.get("/en/").content.decode()
    client.force_login(li)
    client.cookies[site_settings.TEXT_SIZE_COOKIE_NAME] = reading
    before = client.get("/en/").content.decode()
    Notification.objects.create(kind="requests.answered", recipient=li, dedupe_key="one")

    after = client.get("/en/").content.decode()

    seen = [
        page.count(f'href="{inbox}">{words}<')
        for page in (before, after)
        for words in ("Messages", "1 unread")
    ]
    assert (visited.count(inbox), seen) == (0, [shown, 0, 0, shown])


def test_staff_are_led_to_the_desk_and_owners_to_their_enterprise(client: Client) -> None:
    owner = MembershipFactory().user
    client.force_login(owner)
    of_owner = Links(client.get("/en/").content.decode()).found
    client.logout()
    visitor = Links(client.get("/en/").content.decode()).found

    assert ("/en/enterprise/" in of_owner, "/admin/" in of_owner) == (True, False)
    assert ("/en/enterprise/" in visitor, "/admin/" in visitor) == (True, False)


@pytest.mark.parametrize("path", ["/components/", "/en/components/"])
def test_the_gallery_shows_every_component(client: Client, settings, path: str) -> None:
    settings.DEBUG = True

    html = client.get(path).content.decode()

    shown = {name for names in re.findall(r'data-component="([^"]+)"', html) for name in names.split()}
    assert shown == {file.stem for file in Path(settings.BASE_DIR, "templates/components").glob("[!_]*.html")}


def test_there_is_no_gallery_outside_of_debugging(client: Client) -> None:
    assert client.get("/components/").status_code == 404


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(site_settings.BASE_DIR)))
def test_no_template_holds_what_the_policy_refuses(path: Path) -> None:
    assert faults_of(path.read_text(), is_template=True) == []


def test_a_component_lists_its_variables(settings) -> None:
    silent = [
        file.name
        for file in Path(settings.BASE_DIR, "templates/components").glob("[!_]*.html")
        if "Variables:" not in file.read_text().split("{% endcomment %}")[0]
    ]

    assert silent == []
