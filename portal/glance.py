"""What the desk sees of an enterprise beside one of its requests: requests, level, vouchers."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core import calendar
from services.assessments import wording
from services.assessments.models import Assessment
from services.cloud.models import Voucher
from services.cloud.voucher_words import yuan
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
class Held:
    """A cloud voucher of the enterprise, in this member of staff's scope; `face` is in yuan."""

    row: Voucher
    face: str
    url: str


@dataclass(frozen=True)
class Glance:
    """An enterprise at a glance.

    `more` says that there are older requests than those shown, `more_vouchers` the same of vouchers;
    `levels` and `vouchers` are None for whoever may not see them.
    """

    profile_url: str
    asked: list[Asked]
    more: bool
    levels: list[Level] | None
    vouchers: list[Held] | None
    more_vouchers: bool


def of(row: ServiceRequest, user: Any, seen: ServiceRequestQuerySet) -> Glance | None:
    """Return the glance beside a request, as far as `user` may see; None without an enterprise.

    `seen` are the requests on this person's desk. Three queries, whatever the number of rows.
    """
    if row.enterprise_id is None:
        return None
    asked = _asked(row, seen)
    sees_profile = user.has_perm("enterprises.view_enterprise")
    profile = reverse("admin:enterprises_enterprise_change", args=[row.enterprise_id]) if sees_profile else ""
    held = _vouchers(row, user)
    return Glance(
        profile_url=profile,
        asked=asked[:SHOWN],
        more=len(asked) > SHOWN,
        levels=_levels(row, user),
        vouchers=None if held is None else held[:SHOWN],
        more_vouchers=len(held or []) > SHOWN,
    )


def _asked(row: ServiceRequest, seen: ServiceRequestQuerySet) -> list[Asked]:
    rows = seen.filter(enterprise=row.enterprise_id).exclude(pk=row.pk)
    newest = rows.select_related("offering").order_by("-id")[: SHOWN + 1]
    return [Asked(one, board.desk_url(one)) for one in newest]


def _levels(row: ServiceRequest, user: Any) -> list[Level] | None:
    if not user.has_perm("assessments.view_assessment"):
        return None
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


def _vouchers(row: ServiceRequest, user: Any) -> list[Held] | None:
    if not user.has_perm("cloud.view_voucher"):
        return None
    rows = Voucher.objects.in_scope_of(user).filter(enterprise=row.enterprise_id)
    newest = rows.select_related("programme", "product").order_by("-id")[: SHOWN + 1]
    return [
        Held(one, yuan(one.amount_fen), reverse("admin:cloud_voucher_change", args=[one.pk]))
        for one in newest
    ]
