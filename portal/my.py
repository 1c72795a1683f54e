"""My enterprise: what waits first, then deadlines, drafts and what happened lately, from every room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, Min, Value, When
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext as _

from core import calendar, nested
from core.criteria import FactValue
from enterprises.models import Enterprise, Membership
from portal import waiting as beside
from services.assessments import campaigns, standing
from services.assessments.campaigns import OpenInvitation
from services.assessments.models import Assessment, CampaignInvitation
from services.assessments.standing import Standing
from services.cloud import plan_page
from services.cloud.models import Conversion, Onboarding
from services.industry.models import Booking
from services.policies import benefiting, inheriting, marking, questions, wording
from services.policies import rows as policy_rows
from services.policies.models import Match, PolicyItem
from services.policies.rows import Deadline
from services.policies.visitor import Visitor
from services.requests import page
from services.requests.models import ServiceRequest, State

READ_ROWS = 40
LATEST = 5
FITTING = 5
_FIRST = {State.WAITING: 0, State.DRAFT: 1, State.RESOLVED: 2}


@dataclass(frozen=True)
class Fitting:
    """An item this enterprise meets, with its window."""

    title: str
    url: str
    benefit: str
    deadline: Deadline


@dataclass(frozen=True)
class Panels:
    """The finished lists of the page; every row carries the one action that is next."""

    waiting: list[dict[str, Any]]
    fitting: list[Fitting]
    # Facts changed after the last matching: until its tick, an empty list says nothing yet.
    is_being_matched: bool
    drafts: list[dict[str, Any]]
    latest: list[dict[str, Any]]
    undecided: questions.Plan
    invitations: list[OpenInvitation]
    standings: list[Standing]
    plans: list[dict[str, Any]]
    conversions: list[Conversion]
    bookings: list[Booking]
    # Benefits without application that wait for an owner's word, and items left out as "not for us".
    offered: int
    hidden: int


def panels(
    user: Any, enterprise: Enterprise, known: Mapping[str, FactValue], *, may_write: bool = True
) -> Panels:
    """Gather the panels of one enterprise that `user` acts for; at most four queries, whatever there is.

    `known` are the facts of the enterprise. What only owners and editors can do waits for them alone.
    """
    found = _found(user, enterprise)
    rows = _asked(enterprise, found)
    waiting = [row for row in rows if row.state == State.WAITING or _can_be_rated(row)]
    drafts = [row for row in rows if row.state == State.DRAFT]
    others = [row for row in rows if row not in waiting and row not in drafts]
    return Panels(
        waiting=[
            *(_waiting(row) for row in waiting),
            *(beside.beside_requests(found) if may_write else []),
        ],
        fitting=fitting(enterprise),
        is_being_matched=enterprise.matched_at is None or enterprise.matched_at < enterprise.facts_changed_at,
        drafts=[page.list_row(row) for row in drafts],
        latest=[page.list_row(row) for row in others[:LATEST]],
        undecided=questions.plan(Visitor((known,), is_guest=False), calendar.today()),
        invitations=campaigns.seen(nested.rows(CampaignInvitation, found["seen_invitations"])),
        standings=standing.standings(nested.rows(Assessment, found["seen_rounds"]), with_step=True),
        offered=len(found["seen_offers"]),
        hidden=len(found["seen_hidden"]),
        plans=[plan_page.line(row) for row in nested.rows(Onboarding, found["seen_plans"])],
        conversions=nested.rows(Conversion, found["seen_conversions"]),
        bookings=beside.coming(found),
    )


def _found(user: Any, enterprise: Enterprise) -> dict[str, Any]:
    """Read in one query what the panels are made of, but for the policies and the next step."""
    parts = beside.columns(user, enterprise) | {
        "seen_requests": _requests(user, enterprise),
        "seen_invitations": campaigns.gathered(user, enterprise),
        "seen_rounds": standing.gathered(Assessment.objects.for_member(user).filter(enterprise=enterprise)),
        "seen_plans": _plans(user, enterprise),
        "seen_conversions": _conversions(user, enterprise),
        "seen_offers": ArraySubquery(benefiting.waiting(enterprise, calendar.today()).values("pk")),
        "seen_hidden": ArraySubquery(marking.hidden_items(enterprise)),
    }
    return dict(Enterprise.objects.filter(pk=enterprise.pk).values(**parts).get())


def fitting(enterprise: Enterprise) -> list[Fitting]:
    """Return the open items the enterprise was found to meet, the nearest last day first; one query.

    What it has dismissed is left out.
    """
    today = calendar.today()
    matches = Match.objects.filter(
        enterprise=enterprise,
        item_version=F("item__version"),
        item__in=PolicyItem.objects.open_on(today),
    ).exclude(item__in=marking.hidden_items(enterprise))
    ordered = matches.select_related("item__notice").order_by(
        Least("item__closes_on", "item__notice__effective_to").asc(nulls_last=True), "-pk"
    )[: 2 * FITTING]
    here = [match for match in ordered if not inheriting.is_replaced(match.item, enterprise.region_id)]
    return [_fitting(match, today) for match in here[:FITTING]]


def _fitting(match: Match, today: date) -> Fitting:
    item = match.item
    return Fitting(
        title=item.title,
        url=policy_rows.page_url(item.notice),
        benefit=wording.benefit(item),
        deadline=policy_rows.deadline(item.notice, [item], today),
    )


def _plans(user: Any, enterprise: Enterprise) -> ArraySubquery:
    """Return the plans of going to the cloud that are under way, the newest first."""
    rows = Onboarding.objects.for_member(user).active().filter(enterprise=enterprise)
    return plan_page.gathered(rows.order_by("-pk")[:LATEST])


def _conversions(user: Any, enterprise: Enterprise) -> ArraySubquery:
    """Return the conversion projects that are under way, the newest first."""
    rows = Conversion.objects.for_member(user).under_way().filter(enterprise=enterprise)
    scheme = ("scheme__id", "scheme__title_zh", "scheme__title_en")
    return nested.gathered(rows[:LATEST], "id", "reference", "state", "due_on", *scheme)


def _requests(user: Any, enterprise: Enterprise) -> ArraySubquery:
    order = Case(*(When(state=state, then=Value(place)) for state, place in _FIRST.items()), default=Value(3))
    mine = ServiceRequest.objects.for_member(user).filter(enterprise=enterprise)
    return nested.gathered(mine.order_by(order, "-pk")[:READ_ROWS], *page.LIST_COLUMNS)


def _asked(enterprise: Enterprise, found: Mapping[str, Any]) -> list[ServiceRequest]:
    rows = nested.rows(ServiceRequest, found["seen_requests"])
    for row in rows:
        row.enterprise = enterprise
    return rows


def _can_be_rated(row: ServiceRequest) -> bool:
    return row.state == State.RESOLVED and row.rating is None


def _waiting(row: ServiceRequest) -> dict[str, Any]:
    needs_papers = row.state == State.WAITING
    return {
        **page.list_row(row),
        "action": _("Supply what is missing") if needs_papers else _("Say whether it helped"),
        "action_url": reverse("requests:detail", args=[row.reference]),
    }


@dataclass(frozen=True)
class Client:
    """One enterprise this person acts for, with what waits there."""

    membership: Membership
    waiting: int
    due_on: date | None
    is_current: bool


def clients(user: Any, memberships: list[Membership], present: Membership | None) -> list[Client]:
    """Return the enterprises a person acts for, those with the most urgent first; one query."""
    mine = ServiceRequest.objects.for_member(user).filter(state=State.WAITING)
    counted = mine.values("enterprise").annotate(count=Count("pk"), first=Min("due_at")).order_by()
    waiting: dict[int, dict[str, Any]] = {row["enterprise"]: dict(row) for row in counted}
    rows = [
        _client(membership, waiting.get(membership.enterprise_id, {}), present) for membership in memberships
    ]
    return sorted(rows, key=lambda row: (-row.waiting, row.membership.enterprise.name))


def _client(membership: Membership, row: dict[str, Any], present: Membership | None) -> Client:
    first = row.get("first")
    return Client(
        membership,
        row.get("count", 0),
        calendar.day_of(first) if first else None,
        present is not None and membership.pk == present.pk,
    )
