"""Pages of words, and what machines ask for at the root."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from portal import pages
from portal.pages import HELP
from services.policies.models import PolicyNotice
from tests.factories.catalogue import OfferingFactory
from tests.portal.walk import every_door

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("slug", [text.slug for text in HELP])
def test_a_help_page_stands_in_both_languages(client: Client, prefix: str, slug: str) -> None:
    html = client.get(f"{prefix}/help/{slug}/").content.decode()

    assert len(re.findall("<h1>", html)) == 1
    assert ("你" in html.split("<main")[1], "You" in html or "you" in html)[prefix == "/en"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_help_page_and_the_site_map_lead_to_every_text(client: Client, prefix: str) -> None:
    expected = [f"{prefix}/help/{text.slug}/" for text in HELP]

    for page in ("help", "sitemap"):
        main = client.get(f"{prefix}/{page}/").content.decode().split("<main")[1].split("</main>")[0]
        assert re.findall(rf'href="({prefix}/help/[a-z]+/)"', main) == expected


# Reached from a step before them.
NOT_TO_START_FROM = {
    "home", "sitemap", "account_signup", "account_inactive", "account_email_verification_sent",
    "account_request_login_code",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
    "policies:follow_asked", "cloud:compare",
}  # fmt: skip


def test_the_site_map_lists_every_page_a_visitor_can_start_from(client: Client) -> None:
    main = client.get("/en/sitemap/").content.decode().split("<main")[1].split("</main>")[0]

    doors = [door for door in every_door() if not door.parameters and not door.route.startswith("admin/")]
    missing = [
        door.name
        for door in doors
        if f'href="/en/{door.route}"' not in main and is_a_page(client, f"/en/{door.route}")
    ]
    assert [name for name in missing if name not in NOT_TO_START_FROM] == []


def is_a_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def test_an_unknown_help_page_is_a_404(client: Client) -> None:
    assert client.get("/help/nothing/").status_code == 404


def test_the_size_table_is_the_official_one(client: Client) -> None:
    rows = client.get("/help/sme/").context["size_rows"]

    industry = [row for row in rows if row["title"] == "工业"]
    assert [row["floors"] for row in industry] == [[20, 300, 1000], [300, 2000, 40000]]


def test_the_privacy_page_names_the_version_people_accept(client: Client, settings) -> None:
    assert f"版本 {settings.PRIVACY_VERSION}" in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_each_version_of_the_privacy_text_keeps_its_address(client: Client, settings, prefix: str) -> None:
    page = client.get(f"{prefix}/privacy/").content.decode()

    assert pages.EDITIONS[0].version == settings.PRIVACY_VERSION
    for edition in pages.EDITIONS:
        assert f'href="{prefix}/privacy/{edition.version}/"' in page
        assert client.get(f"{prefix}/privacy/{edition.version}/").status_code == 200
    assert client.get(f"{prefix}/privacy/1999-01/").status_code == 404


def test_the_accessibility_statement_has_date_gaps_and_contact(client: Client) -> None:
    html = client.get("/en/accessibility/").content.decode()

    assert ("What does not work yet" in html, '<time datetime="2026-11-30">' in html) == (True, True)
    assert "/en/requests/ask/" in html


def test_the_sitemap_lists_public_pages_in_pairs(client: Client) -> None:
    answer = client.get("/sitemap.xml")

    found = re.findall(r"<loc>http://localhost:8000(.*?)</loc>", answer.content.decode())
    hidden = PolicyNotice.objects.exclude(pk__in=PolicyNotice.objects.public()).values_list("slug", flat=True)
    assert answer["Content-Type"] == "application/xml"
    assert [path for path in found if not path.startswith("/en/")] == [
        path.removeprefix("/en") for path in found if path.startswith("/en/")
    ]
    assert [slug for slug in hidden if f"/policies/{slug}/" in found] == []


def test_the_sitemap_lists_the_offerings_a_visitor_sees(client: Client) -> None:
    OfferingFactory(slug="diagnosis")
    OfferingFactory(slug="not-built", self_service=True, page="nowhere:yet")
    OfferingFactory(slug="gone", retired_at=timezone.now())

    page = client.get("/sitemap.xml").content.decode()

    slugs = ("diagnosis", "not-built", "gone")
    assert [slug for slug in slugs if f"/services/{slug}/" in page] == ["diagnosis"]


def test_every_page_of_the_sitemap_answers(client: Client) -> None:
    found = re.findall(r"<loc>http://localhost:8000(.*?)</loc>", client.get("/sitemap.xml").content.decode())

    assert {path: status for path in found if (status := client.get(path).status_code) != 200} == {}


def test_robots_are_kept_out_of_samples(client: Client, settings) -> None:
    real = client.get("/robots.txt").content.decode().splitlines()
    settings.SAMPLE_DATA = True
    sample = client.get("/robots.txt").content.decode().splitlines()

    assert ("Disallow: /" in real, "Disallow: /enterprise/" in real) == (False, True)
    assert "Disallow: /" in sample


def test_finders_of_a_weakness_are_told_whom_to_write_to(client: Client, settings) -> None:
    settings.SITE = settings.SITE | {"email": "safety@portal.example"}

    lines = client.get("/.well-known/security.txt").content.decode().splitlines()

    assert lines[0] == "Contact: mailto:safety@portal.example"
    assert lines[1].startswith("Expires: ")
