"""Whom a campaign invites, how far its enterprises are, and what an invited enterprise sees.

An enterprise takes part by its rounds: it has begun once it has a round of the question bank that is not
older than the campaign, or a draft; it has finished once such a round is finished. Coverage is told by
district; a number from one to four is not told, nor can it be worked out from the sum of its column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import get_language, gettext

from core import calendar, nested
from core.criteria import Op
from enterprises import eligibility, facts
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise, Region
from services.assessments.distribution import hide_small
from services.assessments.models import Assessment, Campaign, CampaignInvitation, State
from services.assessments.models.campaigns import CampaignInvitationQuerySet
from services.assessments.models.rounds import AssessmentQuerySet


def audience(campaign: Campaign) -> QuerySet[Enterprise]:
    """Return the enterprises a campaign is meant for at this moment."""
    scoped = Enterprise.objects.in_scope_of(campaign.made_by)
    if campaign.audience == Campaign.Audience.LIST:
        return scoped.filter(uscc__in=campaign.listed)
    asked = [(facts.REGION, Op.WITHIN, [campaign.region_id])]
    if campaign.sectors:
        asked.append((facts.INDUSTRY, Op.WITHIN, campaign.sectors))
    if campaign.sizes:
        asked.append((facts.SIZE, Op.ONE_OF, campaign.sizes))
    criteria = read_criteria([{"fact": fact, "op": op, "values": values} for fact, op, values in asked])
    return scoped.filter(pk__in=eligibility.select(criteria, calendar.today()).values("enterprise"))


def unknown_codes(campaign: Campaign) -> list[str]:
    """Return the listed credit codes no enterprise has registered with; they are invited once one has."""
    here = set(Enterprise.objects.filter(uscc__in=campaign.listed).values_list("uscc", flat=True))
    return [code for code in campaign.listed if code not in here]


def name(campaign: Campaign) -> str:
    return campaign.name_en if get_language() == "en" and campaign.name_en else campaign.name_zh


# --- how far the invited are ------------------------------------------------------------


def waiting(invitations: CampaignInvitationQuerySet) -> CampaignInvitationQuerySet:
    """Keep the invitations whose enterprise has not finished."""
    return invitations.filter(~_has_finished())


def _has_begun() -> Exists:
    is_ours = Q(state=State.DRAFT) | Q(finished_at__gte=OuterRef("campaign__launched_at"))
    return Exists(_rounds().exclude(state=State.DISCARDED).filter(is_ours))


def _has_finished() -> Exists:
    return Exists(_rounds().finished().filter(finished_at__gte=OuterRef("campaign__launched_at")))


def _rounds() -> AssessmentQuerySet:
    return Assessment.objects.filter(enterprise=OuterRef("enterprise"), code=OuterRef("campaign__code"))


@dataclass(frozen=True)
class Reached:
    """One district (or the whole): invited, begun, finished; None where the number is not told."""

    name: str
    invited: int | None
    begun: int | None
    finished: int | None


@dataclass(frozen=True)
class Coverage:
    rows: tuple[Reached, ...]
    total: Reached


def coverage(campaign: Campaign) -> Coverage:
    """Count live how far a campaign has come, by district; by city where it asks a whole province."""
    length = 4 if campaign.region.level == Region.Level.PROVINCE else 6
    counted: dict[str, list[int]] = {}
    by_region = campaign.invitations.order_by().values("enterprise__region")
    for region, *counts in by_region.annotate(
        invited=Count("pk"),
        begun=Count("pk", filter=Q(_has_begun())),
        finished=Count("pk", filter=Q(_has_finished())),
    ).values_list("enterprise__region", "invited", "begun", "finished"):
        code = region[:length].ljust(6, "0") if region else ""
        before = counted.get(code, [0, 0, 0])
        counted[code] = [one + other for one, other in zip(before, counts, strict=True)]
    return _told(counted)


def _told(counted: dict[str, list[int]]) -> Coverage:
    names = {region.code: region.name for region in Region.objects.filter(code__in=counted)}
    ordered = sorted(counted, key=lambda code: (-counted[code][0], code))
    columns = [hide_small([counted[code][place] for code in ordered]) for place in range(3)]
    rows = tuple(
        Reached(names.get(code) or gettext("not known"), *(column[number] for column in columns))
        for number, code in enumerate(ordered)
    )
    sums = [sum(counts[place] for counts in counted.values()) for place in range(3)]
    return Coverage(rows, Reached(gettext("together"), *sums))


# --- what an invited enterprise sees ------------------------------------------------------


@dataclass(frozen=True)
class OpenInvitation:
    """A campaign that waits for this enterprise; `url` is where to begin or to go on."""

    name: str
    code: str
    closes_on: date
    days_left: int
    has_begun: bool
    url: str


def open_for(user: Any, enterprise: Enterprise) -> list[OpenInvitation]:
    """Return the open campaigns this enterprise has not finished yet, the nearest last day first; one query.

    `user` must act for the enterprise.
    """
    return seen(_open_to(user, enterprise).select_related("campaign"))


def gathered(user: Any, enterprise: Enterprise) -> ArraySubquery:
    """Return what `open_for` is made of as one value, for `nested.rows` and `seen`."""
    campaign = ("id", "code", "name_zh", "name_en", "closes_on")
    columns = ("id", "begun", *(f"campaign__{name}" for name in campaign))
    return nested.gathered(_open_to(user, enterprise), *columns)


def seen(rows: Iterable[CampaignInvitation]) -> list[OpenInvitation]:
    """Return invitations that were read for this as an enterprise sees them; no query."""
    today = calendar.today()
    return [_open(row.campaign, row.begun or "", today) for row in rows]  # type: ignore[attr-defined]  # annotated


def _open_to(user: Any, enterprise: Enterprise) -> QuerySet[CampaignInvitation]:
    """Return what waits, with the reference of the draft that is begun."""
    mine = CampaignInvitation.objects.for_member(user).filter(
        enterprise=enterprise, campaign__in=Campaign.objects.open_on(calendar.today())
    )
    begun = Subquery(_rounds().drafts().values("reference")[:1])
    return waiting(mine).annotate(begun=begun).order_by("campaign__closes_on", "pk")


def _open(campaign: Campaign, draft: str, today: date) -> OpenInvitation:
    page = reverse("assessments:detail", args=[draft]) if draft else reverse("assessments:start")
    return OpenInvitation(
        name=name(campaign),
        code=campaign.code,
        closes_on=campaign.closes_on,
        days_left=(campaign.closes_on - today).days,
        has_begun=bool(draft),
        url=page if draft else f"{page}#bank-{campaign.code}",
    )
