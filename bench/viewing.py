"""G6: one enterprise against all open items; the floor is one plain pass over their criteria."""

from django.db import connection

from bench import databases
from bench.generator.rows import FIRST
from bench.rounds import Candidate, Result, alternate, compared
from core import calendar
from core.criteria import Verdict
from enterprises.models import EnterpriseFacet
from services.policies.matching import items_for
from services.policies.models import ItemCriteria

# What a page shows of the items that do not quite fit.
SHOWN = 20
MET, ALL = 2.5, 8.0
_SCAN = "SELECT count(*) FROM policies_itemcriteria WHERE is_open"


def results(rounds: int, *, large: str, small: str) -> list[Result]:
    """Measure what fits, what is missing everywhere, and how both grow from the small to the large table."""
    items = ItemCriteria.objects.count()
    everybody = list(EnterpriseFacet.objects.filter(pk__lt=FIRST + rounds + 1).order_by("pk"))
    today = calendar.today()

    def view(name: str, database: str, worst: Verdict, limit: int | None) -> Candidate:
        return Candidate(
            name,
            lambda number: items_for(everybody[number % len(everybody)], today, worst=worst, limit=limit),
            prepare=lambda number: databases.use(database),
        )

    floor = Candidate("one pass over the criteria", _pass, lambda number: databases.use(large))
    met = view("items that fit", large, Verdict.MET, None)
    best = view(f"what is missing for all, the best {SHOWN}", large, Verdict.NOT_MET, SHOWN)
    everything = view("what is missing for all, every item handed over", large, Verdict.NOT_MET, None)
    fewer_met = view("the same in the small database: items that fit", small, Verdict.MET, None)
    fewer_best = view(f"the same in the small database: best {SHOWN}", small, Verdict.NOT_MET, SHOWN)
    alternate(rounds, floor, met, best, everything, fewer_met, fewer_best, warm=2)
    databases.use(small)
    fewer = ItemCriteria.objects.count()
    databases.use(large)

    return [
        compared("G6", f"one enterprise, {items:,} items: those that fit", met, floor, MET),
        compared("G6", f"… what is missing for all, best {SHOWN}", best, floor, ALL),
        compared("G6", "… what is missing for all, all handed over", everything, floor, None),
        compared(
            "G6",
            f"… growth, {fewer:,} → {items:,} items ({items / fewer:.1f} x): fit",
            met,
            fewer_met,
            items / fewer,
        ),
        compared("G6", "… growth: what is missing", best, fewer_best, items / fewer),
    ]


def _pass(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SCAN)
        cursor.fetchone()
