"""G7: the dry run while editing, over all enterprises; the floor is one plain pass over their facets."""

from bench.announcing import one_pass
from bench.generator.items import gate
from bench.rounds import Candidate, Result, alternate, compared
from core import calendar
from enterprises.models import EnterpriseFacet
from services.policies import reach
from services.policies.models import PolicyItem

PREVIEW = 4.0
# Four conditions, as a subsidy of a city has them, and the wider ones they were before.
CRITERIA = [
    gate("region", "within", "370100", "370200"),
    gate("size", "one_of", "medium", "small", "micro"),
    gate("employees", "at_least", 20),
    gate("founded_on", "years_at_least", 2),
]
BEFORE = CRITERIA[:2]


def results(rounds: int) -> list[Result]:
    """Measure who qualifies and who fails by exactly what, without and with a version to compare with."""
    item, today = PolicyItem(criteria=CRITERIA), calendar.today()
    floor = Candidate("one pass over the facets", lambda number: one_pass())
    alone = Candidate("dry run of four conditions", lambda number: reach.of_item(item, today))
    beside = Candidate(
        "dry run beside the version before", lambda number: reach.of_item(item, today, before=BEFORE)
    )
    alternate(rounds, floor, alone, beside)
    what = f"dry run over {EnterpriseFacet.objects.count():,} enterprises"
    return [
        compared("G7", what, alone, floor, PREVIEW),
        compared("G7", "… beside the version before", beside, floor, PREVIEW),
    ]
