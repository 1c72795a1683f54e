"""Outside links: tried once a day, never into a private network, and dead ones are told once."""

import ipaddress
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Notification
from services.policies import actions, links, tasks
from services.policies.models import LinkState
from tests.factories.accounts import UserFactory
from tests.factories.policies import published

TODAY = date(2099, 1, 1)


class Site(BaseHTTPRequestHandler):
    """Answers with the status its path names; /to/… sends elsewhere."""

    def do_GET(self) -> None:
        word = self.path.strip("/").split("?")[0]
        if word.startswith("to/"):
            self.send_response(302)
            self.send_header("Location", f"/{word.removeprefix('to/')}")
        elif word == "circle":
            self.send_response(302)
            self.send_header("Location", "/circle")
        elif word == "inside":
            self.send_response(302)
            self.send_header("Location", "http://10.0.0.1/")
        elif word == "nonsense":
            self.wfile.write(b"\x00\x01 not http\r\n\r\n")
            return
        else:
            self.send_response(int(word) if word.isdigit() else 200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def loopback_too(address: links.Address) -> bool:
    return address.is_loopback or links.is_public(address)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/", ""),
        ("/申报?年=2026", ""),
        ("/404", "status_404"),
        ("/500", "status_500"),
        ("/403", ""),
        ("/to/200", ""),
        ("/to/404", "status_404"),
        ("/circle", "redirects"),
        ("/inside", "private"),
        ("/nonsense", "broken"),
    ],
)
def test_an_address_answers_or_says_why_not(site: str, path: str, code: str) -> None:
    assert links.probe(f"{site}{path}", admit=loopback_too) == code


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3/", "http://169.254.169.254/latest/",
     "http://192.168.1.1/", "http://0.0.0.0/", "http://[::ffff:10.0.0.1]/", "http://localhost:8000/"],
)  # fmt: skip
def test_nothing_inside_is_ever_reached(url: str) -> None:
    assert links.probe(url) == "private"


@pytest.mark.parametrize("url", ["ftp://a.example/", "http://", "http://[", "x", "http://a:99999/", ""])
def test_what_is_no_address_is_not_tried(url: str) -> None:
    assert links.probe(url) == "bad_address"


def test_a_port_nobody_listens_on_is_refused() -> None:
    assert links.probe("http://127.0.0.1:9/", admit=loopback_too) == "refused"


@pytest.mark.parametrize(
    ("address", "is_public"), [("8.8.8.8", True), ("100.64.0.1", False), ("224.0.0.1", False)]
)
def test_which_addresses_are_public(address: str, is_public: bool) -> None:
    assert links.is_public(ipaddress.ip_address(address)) is is_public


# --- day by day ---------------------------------------------------------------------------


@pytest.fixture
def dead(db: None, site: str) -> LinkState:
    LinkState.objects.all().delete()
    sun = UserFactory(name="Sun", roles=["publisher"])
    notice = published(author=sun, sources=[f"{site}/404", "县志"], items=[{"apply_url": f"{site}/"}])
    actions.gather_links()
    LinkState.objects.exclude(notice=notice).delete()
    return LinkState.objects.get(url=f"{site}/404")


def try_all(day: date) -> int:
    return actions.check_links(day, admit=loopback_too)


def told() -> list[Any]:
    return [row.recipient.name for row in Notification.objects.filter(kind="policies.link_dead")]


def test_sources_and_places_to_apply_are_gathered_once(dead: LinkState, site: str) -> None:
    actions.gather_links()

    urls = LinkState.objects.filter(notice=dead.notice).order_by("url").values_list("url", flat=True)
    assert list(urls) == [f"{site}/", f"{site}/404"]


def test_an_address_that_stands_nowhere_any_more_is_forgotten(dead: LinkState) -> None:
    dead.notice.sources = []
    dead.notice.save()

    actions.gather_links()

    assert not LinkState.objects.filter(pk=dead.pk).exists()


def test_the_publisher_is_told_after_two_days_and_once(dead: LinkState) -> None:
    counts = []
    for days in range(4):
        try_all(TODAY + timedelta(days=days))
        LinkState.objects.update(tried_at=timezone.now() - timedelta(days=400))
        counts.append(len(told()))

    dead.refresh_from_db()
    assert (counts, told(), dead.failures, dead.error) == ([0, 1, 1, 1], ["Sun"], 4, "status_404")


def test_an_address_that_answers_again_is_forgiven(dead: LinkState, site: str) -> None:
    LinkState.objects.filter(pk=dead.pk).update(failures=3, url=f"{site}/200", told_at=timezone.now())

    try_all(TODAY)

    dead.refresh_from_db()
    assert (dead.failures, dead.error, dead.told_at) == (0, "", None)


def test_what_was_tried_today_is_left_alone(dead: LinkState) -> None:
    today = timezone.localdate()

    assert (try_all(today), try_all(today)) == (2, 0)


def test_one_tick_tries_twenty(dead: LinkState, site: str) -> None:
    LinkState.objects.bulk_create(LinkState(notice=dead.notice, url=f"{site}/200?{n}") for n in range(25))
    today = timezone.localdate()

    assert [try_all(today) for _ in range(3)] == [20, 7, 0]


def test_nothing_goes_out_unless_the_setting_says_so(dead: LinkState, settings: Any) -> None:
    assert settings.LINK_CHECKS is False
    assert tasks.check_links() == 0

    settings.LINK_CHECKS = True
    # The real guard admits no loopback address: both are tried, and found to lie inside.
    assert tasks.check_links() >= 2
    dead.refresh_from_db()
    assert dead.error == "private"
