"""What a report consists of: finished words and numbers, ready for a page, a shared link or a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.assessments.benchmark import Average
from services.assessments.models import Assessment
from services.assessments.recommendations import Step, Unlocked
from services.assessments.scales import Scales


@dataclass(frozen=True)
class Scene:
    """One scene on the map: the level reached and the sentence that describes it, and the one above."""

    title: str
    level: int
    said: str
    next: str
    constrained: bool
    is_open: bool
    not_applicable: bool


@dataclass(frozen=True)
class Need:
    """One condition of the next level, and whether it is met."""

    text: str
    is_met: bool


@dataclass(frozen=True)
class Round:
    """One earlier or present round, beside the others."""

    number: int
    at: datetime
    edition: str
    level: str
    score: str
    change: str
    reference: str
    by_present_rule: str


@dataclass(frozen=True)
class Gap:
    """One scene where an expert saw another level than the enterprise."""

    title: str
    own: int
    verified: str
    reason: str


@dataclass(frozen=True)
class Verified:
    """The newest expert visit beside the self-assessment."""

    text: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Report:
    """What follows from the answers, then what depends on the enterprise and its other rounds."""

    assessment: Assessment
    title: str
    level: str
    level_number: int | None
    score: str
    max_score: str
    chart: Scales
    groups: tuple[tuple[str, tuple[Scene, ...]], ...]
    next_level: str
    needs: tuple[Need, ...]
    open: tuple[str, ...]
    not_applicable: tuple[str, ...]
    not_asked: tuple[str, ...]
    note: str
    ceiling: str
    source: str
    average: Average | None = None
    average_text: str = ""
    steps: tuple[Step, ...] = ()
    unlocked: Unlocked | None = None
    rounds: tuple[Round, ...] = ()
    code: str = ""
    is_interim: bool = False
    verified: Verified | None = None
    # Which level policies count, where it is not the one of this round.
    counting: str = ""
