"""What the desk sees of an enterprise beside one of its requests: what it asked before, how digital it is."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core import calendar
from services.assessments import wording
from services.assessments.models import Assessment
from services.requests import board
from services.requests.models import ServiceRequest, ServiceRequestQuerySet

SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """Another request of the enterprise, in this member of staff's scope."""

    row: ServiceRequest
    url: str


@dataclass(frozen=True)
class Level:
    """The newest result of one question bank."""

    bank: str
    level: str
    on: str
    url: str


@dataclass(frozen=True)
class Glance:
    """An enterprise at a glance; `more` says that there are older requests than those shown."""

    profile_url: str
    asked: list[Asked]
    more: bool
    levels: list[Level]


def of(row: ServiceRequest, user: Any, seen: ServiceRequestQuerySet) -> Glance | None:
    """Return the glance beside a request, as far as `user` may see; None without an enterprise.

    `seen` are the requests on this person's desk. Two queries, whatever the number of rows.
    """
    if row.enterprise_id is None:
        return None
    asked = _asked(row, seen)
    sees_profile = user.has_perm("enterprises.view_enterprise")
    profile = reverse("admin:enterprises_enterprise_change", args=[row.enterprise_id]) if sees_profile else ""
    return Glance(profile, asked[:SHOWN], len(asked) > SHOWN, _levels(row, user))


def _asked(row: ServiceRequest, seen: ServiceRequestQuerySet) -> list[Asked]:
    rows = seen.filter(enterprise=row.enterprise_id).exclude(pk=row.pk)
    newest = rows.select_related("offering").order_by("-id")[: SHOWN + 1]
    return [Asked(one, board.desk_url(one)) for one in newest]


def _levels(row: ServiceRequest, user: Any) -> list[Level]:
    if not user.has_perm("assessments.view_assessment"):
        return []
    newest = Assessment.objects.newest().filter(enterprise=row.enterprise_id)
    return [
        Level(
            bank=one.version.title,
            level=wording.level(one.framework, one.level),
            on=f"{calendar.day_of(one.finished_at)}" if one.finished_at else "",
            url=reverse("admin:assessments_assessment_change", args=[one.pk]),
        )
        for one in newest.select_related("version").order_by("code")
    ]
