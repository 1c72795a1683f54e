"""G1, G2, G3: searching the public list; the floor is the bare count of the same hits on the slim rows.

A search counts anew after every change of a notice; until then a process remembers it. What is measured
against the floor is always the first search after a change.
"""

from functools import partial
from random import Random

from django.db import connection
from django.utils.http import urlencode

from bench import databases
from bench.generator import texts
from bench.generator.texts import COMMON, COMMON_TOO, MEDIUM, RARE
from bench.rounds import Candidate, Result, alternate, compared
from bench.web import Site
from core import calendar, text
from services.policies import indexing, one_pass, terms
from services.policies.models import NoticeSearch, PolicyNotice
from services.policies.query import Query

PAGE, STATEMENT, TAIL = 4.0, 1.1, 2.0
RARE_KEY, COMMON_KEY, TWO_COUNT = 8.0, 60.0, 4.0
# So many pieces of the texts are looked for and held against LIKE, which reads every text.
PIECES = 24
_COUNT = "SELECT count(*) FROM policies_noticesearch WHERE {}"
_ROWS = "SELECT * FROM policies_policynotice WHERE id = ANY(%s)"
# The plain statement the design asks for: the newest ids, the count, and four facets over the hits.
_PLAIN = """
WITH hits AS MATERIALIZED (
  SELECT notice_id, listed_on, area, kind, level, issuer_id FROM policies_noticesearch WHERE {}
), best AS (SELECT notice_id FROM hits ORDER BY listed_on DESC, notice_id DESC LIMIT 20),
facets AS (
  SELECT area, kind, level, issuer_id, count(*) FROM hits
  GROUP BY GROUPING SETS ((), (area), (kind), (level), (issuer_id))
)
SELECT (SELECT array_agg(notice_id) FROM best), (SELECT json_agg(facets) FROM facets)
"""


def results(rounds: int, *, large: str) -> list[Result]:
    """Measure the page for frequent and rare words in both languages, its statement, and what it finds."""
    databases.use(large)
    measured = []
    with Site(large) as site:
        for marker in (COMMON, MEDIUM, RARE):
            for words, prefix in ((marker[0], ""), (marker[1], "/en")):
                measured += _page(site, words, prefix, rounds, PAGE if marker == COMMON else None)
    return [*measured, *_statement(COMMON[0], rounds), *found_as_like()]


def _page(site: Site, words: str, prefix: str, rounds: int, goal: float | None) -> list[Result]:
    """Compare the page after a change, and the same remembered, with the bare count."""
    address = f"{prefix}/policies/?{urlencode({'q': words})}"
    after_change = site.page(f"search page for {words}, counted anew", address, prepare=_change)
    remembered = site.page(f"search page for {words}, remembered", address)
    floor = Candidate("bare count", lambda number: count(words), prepare=lambda number: use(site))
    alternate(rounds, floor, after_change, remembered, warm=2)
    what = f"search {words}, {count(words):,} hits, page over HTTP against the bare count"
    found = [
        compared("G1", what, after_change, floor, goal),
        compared("G1", "… the same, remembered", remembered, floor, goal),
    ]
    if goal:
        found.append(Result("G1", "… p95 against its median", after_change.p95 / after_change.median, TAIL))
    return found


def use(site: Site) -> None:
    databases.use(site.database)


def _change(number: int) -> None:
    """Say that a notice has changed, so that nothing remembered counts."""
    indexing.mark("notices")


def _statement(words: str, rounds: int) -> list[Result]:
    """Compare the portal's one statement with a plain one of the same kind."""
    asked = one_pass.Asked(Query(text=words), terms.read(words), calendar.today())
    ours = Candidate("the portal's statement: all facets", lambda number: one_pass.ask(asked))
    plain = Candidate("a plain one: count and four facets", lambda number: ask(_PLAIN, words))
    alternate(rounds, plain, ours, warm=2)
    return [compared("G1", "… its statement against a plain one with four facets", ours, plain, STATEMENT)]


def found_as_like() -> list[Result]:
    """Search for pieces of the texts and count what LIKE finds and the portal does not, and the reverse."""
    missed = wrong = 0
    for piece in [*(zh for zh, _, _ in texts.MARKERS), *_pieces()]:
        found = set(PolicyNotice.objects.search(piece).values_list("pk", flat=True))
        like = set(NoticeSearch.objects.filter(text__contains=piece).values_list("pk", flat=True))
        missed += len(like - found)
        wrong += len(found - like)
    what = f"{PIECES + len(texts.MARKERS)} Chinese words of 2 to 6 characters"
    return [
        Result("G2", f"{what}: found by LIKE, not by the portal", missed, 0, "rows"),
        Result("G2", f"{what}: found by the portal, not by LIKE", wrong, 0, "rows"),
    ]


def _pieces() -> list[str]:
    draw = Random(texts.SEED)
    rows = NoticeSearch.objects.order_by("pk").values_list("text", flat=True)[:PIECES]
    runs = [draw.choice([run for chinese, run in text.runs(row) if chinese and len(run) > 6]) for row in rows]
    return [run[:length] for n, run in enumerate(runs) for length in [2 + n % 5]]


# --- a million ----------------------------------------------------------------------------


def of_a_million(rounds: int, *, huge: str) -> list[Result]:
    """Measure the SQL of the page where there are ten times as many notices as Shandong will ever have."""
    databases.use(huge)
    total = NoticeSearch.objects.count()
    newest = list(NoticeSearch.objects.order_by("-listed_on").values_list("pk", flat=True)[:20])
    key = Candidate("20 notices by their keys", lambda number: rows_by_key(newest))
    rare, common = (
        Candidate(f"page, count and facets: {words}", partial(_find, words)) for words in (RARE[0], COMMON[0])
    )
    both = f"{COMMON[0]} {COMMON_TOO[0]}"
    two = Candidate(f"page, count and facets: {both}", partial(_find, both))
    two_counted = Candidate("bare count of the two", lambda number: count(both))
    alternate(rounds, key, rare, common, two, two_counted, warm=2)
    what = f"{total:,} notices, SQL of the page"
    return [
        compared("G3", f"{what}: {count(RARE[0]):,} hits", rare, key, RARE_KEY),
        compared("G3", f"{what}: {count(COMMON[0]):,} hits", common, key, COMMON_KEY),
        compared("G3", f"{what}: two words, {count(both):,} hits", two, two_counted, TWO_COUNT),
    ]


def _find(words: str, number: int) -> None:
    asked = one_pass.Asked(Query(text=words), terms.read(words), calendar.today())
    one_pass.ask(asked)


def rows_by_key(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [keys])
        cursor.fetchall()


def count(words: str) -> int:
    """Count the hits by the plainest statement."""
    return int(ask(_COUNT, words)[0])


def ask(statement: str, words: str) -> tuple:
    condition, values = terms.condition(terms.read(words), exactly=False)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(condition), values)
        row: tuple = cursor.fetchone()
    return row
