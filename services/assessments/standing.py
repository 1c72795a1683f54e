"""Where an enterprise stands: its newest round of every question bank, what is under way, and the next step.

For pages of other rooms, gathered by the roof; the caller gives rows that the reader may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.urls import reverse

from core import nested
from services.assessments import recommendations, wording
from services.assessments.models import Assessment, State, Verification
from services.assessments.models.rounds import AssessmentQuerySet
from services.assessments.recommendations import Step

# In this order wherever question banks are listed; one uploaded later follows.
ORDER = ("miit", "cloud", "dma")


@dataclass(frozen=True)
class Standing:
    """One question bank: the newest result (None before the first), the draft, what an expert saw."""

    title: str
    finished: Assessment | None
    level: str
    score: str
    verified: str
    draft: Assessment | None
    step: Step | None

    @property
    def at(self) -> datetime | None:
        return self.finished.finished_at if self.finished else None

    @property
    def url(self) -> str:
        """Lead the enterprise to the report, or to the questions while there is none."""
        row = self.finished or self.draft
        page = "result" if self.finished else "detail"
        return reverse(f"assessments:{page}", args=[row.reference]) if row else reverse("assessments:start")


def place(code: str) -> tuple[int, str]:
    """Give the sort key of a question bank."""
    return (ORDER.index(code) if code in ORDER else len(ORDER), code)


def in_full(rows: AssessmentQuerySet) -> QuerySet[Assessment]:
    """Read the newest rounds and the drafts among rows with all that `standings` tells, in one query."""
    return _current(rows).select_related("version")


def gathered(rows: AssessmentQuerySet) -> ArraySubquery:
    """Return the newest rounds and the drafts among rows as one value, for `nested.rows`."""
    told = ("answers", "result", "score", "level", "finished_at", "last_visit")
    version = ("version__id", "version__text")
    return nested.gathered(_current(rows), "id", "reference", "code", "state", *told, *version)


def _current(rows: AssessmentQuerySet) -> QuerySet[Assessment]:
    visits = Verification.objects.filter(assessment=OuterRef("pk")).order_by("-pk")[:1]
    return rows.current().annotate(last_visit=nested.gathered(visits, "id", "level")).order_by("pk")


def standings(rows: Iterable[Assessment], *, with_step: bool = False) -> list[Standing]:
    """Return where the enterprise of these rows stands, the most official question bank first.

    The rows were read by `in_full` or `gathered`; no query. `with_step` adds the best next step of the first
    result, for which the services are asked in one.
    """
    found: dict[str, dict[str, Assessment]] = {}
    for row in rows:
        found.setdefault(row.code, {})[row.state] = row
    ordered = [found[code] for code in sorted(found, key=place)]
    first = next((one for one in ordered if State.FINISHED in one), None)
    return [_standing(one, with_step=with_step and one is first) for one in ordered]


def _standing(rows: dict[str, Assessment], *, with_step: bool) -> Standing:
    finished = rows.get(State.FINISHED)
    any_row = finished or rows[State.DRAFT]
    seen = finished.last_visit if finished else None  # type: ignore[attr-defined]  # annotated
    visits = nested.rows(Verification, seen)
    return Standing(
        title=any_row.version.title,
        finished=finished,
        level=wording.level(finished.framework, finished.level) if finished else "",
        score=wording.points(finished.score or "0") if finished else "",
        verified=wording.level(finished.framework, visits[0].level) if finished and visits else "",
        draft=rows.get(State.DRAFT),
        step=_step(finished) if finished and with_step else None,
    )


def _step(row: Assessment) -> Step | None:
    return recommendations.best_step(
        row.framework,
        row.answers,
        row.result or {},
        source_label=recommendations.source_label(row),
        source_url=reverse("assessments:result", args=[row.reference]),
    )
