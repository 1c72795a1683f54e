"""Where an enterprise stands: its newest round of every question bank, what is under way, and the next step.

For pages of other rooms, gathered by the roof; the caller gives rows that the reader may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse

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


def standings(rows: AssessmentQuerySet, *, with_step: bool = False) -> list[Standing]:
    """Return where the enterprise of these rows stands, the most official question bank first.

    `with_step` adds the best next step of the first result. Two queries, three with the step.
    """
    visits = Prefetch("verifications", queryset=Verification.objects.order_by("-pk"))
    found: dict[str, dict[str, Assessment]] = {}
    for row in rows.current().select_related("version").prefetch_related(visits).order_by("pk"):
        found.setdefault(row.code, {})[row.state] = row
    ordered = [found[code] for code in sorted(found, key=place)]
    first = next((one for one in ordered if State.FINISHED in one), None)
    return [_standing(one, with_step=with_step and one is first) for one in ordered]


def _standing(rows: dict[str, Assessment], *, with_step: bool) -> Standing:
    finished = rows.get(State.FINISHED)
    any_row = finished or rows[State.DRAFT]
    visit = next(iter(finished.verifications.all()), None) if finished else None
    return Standing(
        title=any_row.version.title,
        finished=finished,
        level=wording.level(finished.framework, finished.level) if finished else "",
        score=wording.points(finished.score or "0") if finished else "",
        verified=wording.level(finished.framework, visit.level) if finished and visit else "",
        draft=rows.get(State.DRAFT),
        step=_step(finished) if finished and with_step else None,
    )


def _step(row: Assessment) -> Step | None:
    steps = recommendations.best_steps(
        row.framework,
        row.answers,
        row.result or {},
        source_label=recommendations.source_label(row),
        source_url=reverse("assessments:result", args=[row.reference]),
    )
    return steps[0] if steps else None
