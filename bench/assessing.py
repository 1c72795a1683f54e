"""Assessments: rounds scored a second, an average over the cells against a scan of the results, one PDF."""

import random
import time
from decimal import Decimal

from django.db import connection

from bench import printing
from bench.rounds import Candidate, Result, alternate, compared
from core import calendar
from enterprises.models import Enterprise
from services.assessments import benchmark, results, scoring
from services.assessments.frameworks.schema import Framework, Kind
from services.assessments.models import Assessment, FrameworkVersion, State

RESULTS = 200_000
A_SECOND = 20_000
PDF_SECONDS, PDF_MEGABYTES = 1.5, 200.0
# A column that stands in no index, so that it is a pass over the table.
_SCAN = "SELECT count(started_at) FROM assessments_assessment WHERE is_latest"


def results_of(rounds: int, *, scale: float) -> list[Result]:
    """Measure the three; the rounds are written into the large database first."""
    version = FrameworkVersion.objects.current().get(code="miit")
    fill(version, int(RESULTS * scale))
    place = {"sector": "34", "size": "small", "region": "370211"}
    floor = Candidate("one pass over the results", lambda number: _scan())
    cells = Candidate("an average over the cells", lambda number: benchmark.average(version, place))
    everybody = benchmark.average(version, {"sector": "", "size": "", "region": ""})
    lower = Candidate(
        "who of them has a lower score",
        lambda number: everybody and benchmark.percent_below(version, everybody, place, Decimal(50)),
    )
    alternate(rounds, floor, cells, lower)
    return [
        Result("D3", "seconds to score 20,000 rounds", scored(version.framework), 1.0, "s"),
        compared("D8", f"average of {int(RESULTS * scale):,} results", cells, floor, 3.0),
        compared("D8", "share of all of them with a lower score", lower, floor, 3.0),
        *printed(),
    ]


def scored(framework: Framework) -> float:
    """Return the seconds that 20,000 different rounds take."""
    chance = random.Random(1)
    many = [_answers(framework, chance) for _number in range(A_SECOND)]
    began = time.perf_counter()
    for answers in many:
        scoring.score(framework, answers)
    return time.perf_counter() - began


def printed() -> list[Result]:
    """Set one report twice: the second time the fonts are at hand, as in a worker that lives."""
    first, next_one, megabytes = printing.measure()
    return [
        Result("D13", "a PDF in both languages, the first of a process", first, None, "s"),
        Result("D13", "a PDF in both languages, every other", next_one, PDF_SECONDS, "s"),
        Result("D13", "memory of a process that prints reports", megabytes, PDF_MEGABYTES, "MB"),
    ]


def fill(version: FrameworkVersion, count: int) -> None:
    """Give the first enterprises a finished round each, and count the cells."""
    chance = random.Random(2)
    people = Enterprise.objects.filter(memberships__isnull=False).order_by("pk").distinct()[:count]
    person = people[0].memberships.earliest("pk").user
    patterns = [_answers(version.framework, chance) for _number in range(200)]
    found = [results.compute(version.framework, answers) for answers in patterns]
    rows = (
        Assessment(
            enterprise_id=pk, version=version, code=version.code, state=State.FINISHED, round=1,
            started_by=person, declared_by=person, finished_at=calendar.now(), is_latest=True,
            answers=patterns[number % 200], result=found[number % 200],
            score=Decimal(found[number % 200]["score"]), level=found[number % 200]["level"],
            sector=f"{13 + number % 30}", size=("micro", "small", "medium")[number % 3],
            region=f"3702{10 + number % 8}",
        )
        for number, pk in enumerate(people.values_list("pk", flat=True))
    )  # fmt: skip
    Assessment.objects.bulk_create(rows, batch_size=5_000)
    benchmark.rebuild(version)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE assessments_assessment")


def _answers(framework: Framework, chance: random.Random) -> dict[str, list[str]]:
    return {
        item.id: [chance.choice(item.options).id]
        if item.kind is not Kind.MULTI
        else [one.id for one in item.options[1:] if chance.random() < 0.5] or [item.options[0].id]
        for item in framework.items.values()
    }


def _scan() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SCAN)
        cursor.fetchone()
