"""G11, G12, the read API and the first visit: what a page costs the web process, against a bare greeting.

The share of a greeting's throughput is told by processor time of the web process for a request, not by the
clock: neighbours and the asking side do not count then. The database's own time is told beside it.
"""

import gzip
import re
import time
from collections.abc import Callable
from pathlib import Path

from django.contrib.staticfiles import finders

from bench import databases
from bench.rounds import Candidate, Result, alternate, compared
from bench.web import DRAWN, Site
from services.policies import indexing
from services.policies.models import NoticeSearch, PolicyNotice

LISTED, HOLDS, KEPT = 15.0, 50.0, 45.0
API, API_ROWS = 2.0, 100
FIRST_VISIT = 75.0
BATCH = 600
LIST = "/policies/"
_FILES = re.compile(r'(?:href|src)="/static/([^"?]+)')
_FILES_OF_STYLES = re.compile(r"url\([\"']?([^\"')]+)")


def results(rounds: int, *, large: str) -> list[Result]:
    """Measure the list drawn anew, from memory and unchanged; the API; what a first visitor fetches."""
    databases.use(large)
    with Site(large) as site, Site(large, application="bench.bare_site:application") as bare:
        return [
            *_shares(site, bare, rounds),
            _seen_at_once(site),
            *_api(site, bare, rounds),
            _first_visit(site),
        ]


# --- shares of a greeting ----------------------------------------------------------------


def _shares(site: Site, bare: Site, rounds: int) -> list[Result]:
    tag = site.answer(LIST)[1]["ETag"]
    asked: dict[str, Callable[[], object]] = {
        "hello": lambda: bare.get("/hello"),
        "drawn": lambda: site.get(LIST, DRAWN),
        "kept": lambda: site.get(LIST),
        "holds": lambda: site.answer(LIST, {"If-None-Match": tag}, status=304),
    }
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for _turn in range(max(3, rounds // 3)):
        for name, ask in asked.items():
            server = bare if name == "hello" else site
            spent[name].append(_processor_time(server, ask, BATCH // 10 if name == "drawn" else BATCH))
    # The least disturbed turn: what a neighbour adds is not the page's.
    least = {name: min(times) for name, times in spent.items()}
    for name, seconds in least.items():
        print(f"     {seconds * 1000:9.3f} ms of the web process for a request: {name}", flush=True)
    return [
        _share("G11", "the list of 20 rows drawn anew, facets remembered", least, "drawn", LISTED),
        _share("G12", "the list has not changed (304)", least, "holds", HOLDS),
        _share("G12", "the list from memory", least, "kept", KEPT),
    ]


def _share(goal: str, what: str, least: dict[str, float], name: str, wanted: float) -> Result:
    """Tell how many greetings a request is worth; the goal is a share, so the limit is its inverse."""
    share = least["hello"] / least[name]
    print(f"     {share:9.1%} of a greeting: {what} (goal ≥ {wanted:.0f} %)", flush=True)
    return Result(goal, f"{what}: greetings a request", 1 / share, 100 / wanted, "x")


def _processor_time(server: Site, ask: Callable[[], object], times: int) -> float:
    for _warm in range(5):
        ask()
    before = server.processor_seconds()
    for _number in range(times):
        ask()
    return (server.processor_seconds() - before) / times


def _seen_at_once(site: Site) -> Result:
    """Change a notice again and again: the very next answer must show it."""
    late = 0
    newest = NoticeSearch.objects.order_by("-listed_on", "-notice")[0]
    for number in range(20):
        title = f"改了{number}次 {time.time_ns()}"
        PolicyNotice.objects.filter(pk=newest.notice_id).update(title_zh=title)
        indexing.refresh(PolicyNotice.objects.get(pk=newest.notice_id))
        late += title not in site.get(LIST)
    return Result("G12", "changes not seen by the next request, of 20", late, 0, "pages")


# --- the API and the first visit ----------------------------------------------------------


def _api(site: Site, bare: Site, rounds: int) -> list[Result]:
    """Ask for the first page, which is remembered until a notice changes, and for one that is read anew."""
    found = []
    for page, what in ((1, "first page, remembered"), (2, "second page, read anew")):
        address = f"/api/v1/policies?page_size={API_ROWS}&page={page}"
        portal = Candidate(f"API, {API_ROWS} notices, {what}", lambda number, at=address: site.get(at))
        floor = Candidate(
            "psycopg and json, the same rows", lambda number, at=f"/rows?page={page}": bare.get(at)
        )
        alternate(rounds, floor, portal, warm=3)
        found.append(compared("API", f"list of {API_ROWS} notices, {what}", portal, floor, API))
    return found


def _first_visit(site: Site) -> Result:
    """Add up what a browser fetches for the home page, each file packed by gzip (pictures as they are)."""
    page = site.get("/")
    names = set(_FILES.findall(page))
    for style in [name for name in names if name.endswith(".css")]:
        names |= {name.split("?")[0].lstrip("./") for name in _FILES_OF_STYLES.findall(_read(style).decode())}
    sizes = {"the page": len(gzip.compress(page.encode(), 6))}
    sizes |= {name: _packed(name) for name in names if finders.find(name)}
    for name, size in sorted(sizes.items(), key=lambda pair: -pair[1]):
        print(f"     {size / 1024:9.1f} KB  {name}", flush=True)
    return Result(
        "size", "first visit of the home page, packed", sum(sizes.values()) / 1024, FIRST_VISIT, "KB"
    )


def _read(name: str) -> bytes:
    found = finders.find(name)
    return Path(str(found)).read_bytes() if found else b""


def _packed(name: str) -> int:
    content = _read(name)
    return min(len(content), len(gzip.compress(content, 6)))
