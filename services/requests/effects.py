"""What services led to: whom to ask after half a year, and the sums over all answers.

A sum is shown to everybody only when at least five enterprises stand behind it: below that it could be about
somebody. Who left a figure open does not count as none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from services.catalogue.models import Offering
from services.requests.models import Effect, ServiceRequest, State

ASKED_AFTER = timedelta(days=183)
# Older ones are left alone: after a year nobody remembers, and a new portal does not ask about the past.
NO_LONGER_AFTER = timedelta(days=365)
FEWEST = 5
_OF = "service_request__enterprise"


@dataclass(frozen=True)
class Figure:
    """A sum and from how many enterprises it comes; the sum is None where they are too few to be shown."""

    total: int | None
    firms: int


@dataclass(frozen=True)
class Figures:
    """What was answered over all requests; `obtained` in fen."""

    asked: int
    answered: int
    obtained: Figure
    jobs: Figure
    rose: Figure
    firms: int

    @property
    def is_enough(self) -> bool:
        """Tell whether anything of it may be shown to everybody."""
        return self.firms >= FEWEST


def to_ask(at: datetime) -> QuerySet[ServiceRequest]:
    """Return the services done half a year ago for enterprises and not asked about yet, the oldest first."""
    done = ServiceRequest.objects.filter(
        # Named one by one, so that the index of what was done for an offering finds them.
        offering__in=list(Offering.objects.values_list("pk", flat=True)),
        resolved_at__range=(at - NO_LONGER_AFTER, at - ASKED_AFTER),
    )
    rows = done.filter(state__in=(State.RESOLVED, State.CLOSED), merged_into=None, enterprise__isnull=False)
    return rows.filter(effect=None).order_by("resolved_at", "pk")


def figures() -> Figures:
    """Sum up every answer; one query."""
    found = Effect.objects.aggregate(
        asked=Count("pk"),
        answered=Count("answered_at"),
        firms=_firms(Q(answered_at__isnull=False)),
        money_sum=Sum("obtained_fen"),
        money_firms=_firms(Q(obtained_fen__isnull=False)),
        jobs_sum=Sum("jobs"),
        jobs_firms=_firms(Q(jobs__isnull=False)),
        risen=Count("pk", filter=Q(level=Effect.Level.ROSE)),
        level_firms=_firms(~Q(level="")),
    )
    return Figures(
        asked=found["asked"],
        answered=found["answered"],
        obtained=_figure(found["money_sum"], found["money_firms"]),
        jobs=_figure(found["jobs_sum"], found["jobs_firms"]),
        rose=_figure(found["risen"], found["level_firms"]),
        firms=found["firms"],
    )


def _firms(which: Q) -> Count:
    return Count(F(_OF), filter=which, distinct=True)


def _figure(total: int | None, firms: int) -> Figure:
    return Figure((total or 0) if firms >= FEWEST else None, firms)
