"""G13 and G15: publishing one notice, and cutting the texts of all of them anew.

The floor of publishing is a bare transaction that writes the same notice and its search row, the vector
known beforehand.
"""

import time

from bench import databases
from bench.bare import Bare
from bench.generator.items import gate
from bench.generator.rows import FIRST
from bench.rounds import Candidate, Result, alternate, compared
from services.policies import actions, indexing
from services.policies.models import ItemCriteria, NoticeSearch, PolicyItem, PolicyNotice, State

PUBLISH, SIZE_DOES_NOT_SHOW = 10.0, 1.2
# Processor time of the portal for a notice whose row is written anew, in milliseconds.
CUT = 0.4
# The middle of what was generated: few of these have items, as in a portal that is years old.
CUT_ROWS, LAST_CUT = 5_000, FIRST + 20_000
CRITERIA = [gate("region", "within", "370102"), gate("employees", "at_most", 300)]


def results(rounds: int, *, large: str, small: str) -> list[Result]:
    """Measure publishing among many notices and among few, then a change of the rules of cutting."""
    many, few = Desk(large), Desk(small)
    floor = _bare(large)
    alternate(rounds, many.candidate, few.candidate, floor.candidate, warm=2)
    floor.close()
    many.sweep()
    few.sweep()
    return [
        compared("G13", f"publish one notice among {many.rows:,}", many.candidate, floor.candidate, PUBLISH),
        compared("G13", f"… the same among {few.rows:,}", many.candidate, few.candidate, SIZE_DOES_NOT_SHOW),
        *_cut_anew(large),
    ]


class Desk:
    """Publishes a new notice in one database each time; only the last step of its way is timed."""

    def __init__(self, database: str) -> None:
        self.database = database
        databases.use(database)
        self.rows = NoticeSearch.objects.count()
        self.model = PolicyNotice.objects.filter(slug=f"bench-{FIRST + 500}").get()
        self.notice = self.model
        self.candidate = Candidate(
            f"publish among {self.rows:,}", lambda number: self.publish(), prepare=self.write
        )

    def write(self, number: int) -> None:
        """Write a notice with one item that was approved and waits to be published."""
        databases.use(self.database)
        self.notice = PolicyNotice.objects.get(pk=self.model.pk)
        self.notice.pk, self.notice.slug = None, f"publish-{time.time_ns()}"
        self.notice.state, self.notice.version, self.notice.published_at = State.APPROVED, 0, None
        self.notice.save(force_insert=True)
        PolicyItem.objects.create(
            notice=self.notice, kind="funding", title_zh="数控机床补贴", title_en="Lathe subsidy",
            criteria=CRITERIA, is_open_all_year=True,
        )  # fmt: skip

    def publish(self) -> None:
        actions.publish(self.notice, by=None)

    def sweep(self) -> None:
        """Take what was published out of sight, so that nothing of it waits to be announced."""
        databases.use(self.database)
        PolicyItem.objects.filter(notice__slug__startswith="publish-").update(
            announced_at="2026-01-01T00:00Z"
        )
        ItemCriteria.objects.filter(item__notice__slug__startswith="publish-").update(is_open=False)


def _bare(database: str) -> Bare:
    """Write the rows of one notice with nothing around them."""
    return Bare(
        "bare transaction: notice and search row",
        database,
        {"policies_policynotice": ("id", FIRST + 500), "policies_noticesearch": ("notice_id", FIRST + 500)},
        lambda number: {"id": str(number), "slug": f"bare-{number}", "notice_id": str(number)},
    )


def _cut_anew(database: str) -> list[Result]:
    """Let some thousand rows be cut by new rules, as the background does it, in turns of some hundred."""
    databases.use(database)
    last = min(LAST_CUT, FIRST + NoticeSearch.objects.filter(pk__gte=FIRST).count())
    NoticeSearch.objects.filter(pk__gte=last - CUT_ROWS, pk__lt=last).update(rules=0)
    began, used, done = time.perf_counter(), time.process_time(), 0
    while rewritten := indexing.recut():
        done += rewritten
    taken, used = time.perf_counter() - began, time.process_time() - used
    return [
        Result("G15", f"{done:,} rows cut anew: processor time a notice", used / done * 1000, CUT, "ms"),
        Result("G15", "… the whole, the database included, a notice", taken / done * 1000, None, "ms"),
    ]
