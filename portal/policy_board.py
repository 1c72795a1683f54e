"""The board of those who make policy: what firms ask for in vain, where policies miss them, what they say.

Numbers only. Counts that could name an enterprise are not told; opinions are read in their own queue.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.criteria import CriteriaError
from enterprises.criteria import read_criteria
from services.policies import funnel, reach, wording
from services.policies.models import Barrier, NoticeMeasure, Opinion, OpinionAnswer
from services.policies.reach_words import figure
from services.requests import unmet

REACH = "policies.view_reach"
OPINIONS = "policies.view_opinion"
UNMET = "service_requests.view_unmet"
# Who may see one of its parts sees the board.
PARTS = (REACH, UNMET, OPINIONS)
SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is about, where that leads, and its figures as texts."""

    label: str
    url: str
    figures: tuple[str, ...]
    note: str = ""


def is_open_to(user: Any) -> bool:
    return any(user.has_perm(part) for part in PARTS)


def build(user: Any) -> dict[str, Any]:
    """Return the parts of the board `user` may see; None for the others. Ten queries at most."""
    now = timezone.now()
    sees_reach, sees_unmet = user.has_perm(REACH), user.has_perm(UNMET)
    return {
        "opinions": _opinions() if user.has_perm(OPINIONS) else None,
        "steps": funnel_steps(),
        "funnels": _funnels() if sees_reach else None,
        "barriers": _barriers() if sees_reach else None,
        "measured_at": _measured_at() if sees_reach else None,
        "searches": unmet.searches(now) if sees_unmet else None,
        "wishes": unmet.wishes(now)[:SHOWN] if sees_unmet else None,
        "places": unmet.places(now) if sees_unmet else None,
        "days": unmet.LOOKED_BACK,
    }


def funnel_steps() -> list[str]:
    """Name the steps of a funnel in the order of `funnel.COUNTED`."""
    return [
        _("Meet the conditions"),
        _("Told"),
        _("Opened the message"),
        _("Questions and requests from its page"),
        _("Saved it"),
        _("Say they applied"),
        _("Say they obtained it"),
    ]


def _funnels() -> list[Line]:
    """Return the policies that most enterprises qualify for, each with how far it came."""
    rows = NoticeMeasure.objects.filter(matched__gt=0).select_related("notice").defer("notice__body_zh")
    return [
        Line(
            one.notice.title,
            reverse("admin:policies_policynotice_funnel", args=[one.notice_id]),
            tuple(figure(getattr(one, name)) for name in funnel.COUNTED),
        )
        for one in rows.order_by("-matched", "notice")[:SHOWN]
    ]


def _barriers() -> list[Line]:
    """Return the conditions at which most enterprises fail alone; fewer than five are not told."""
    rows = Barrier.objects.filter(alone__gte=reach.SMALLEST).select_related("item__notice")
    newest = rows.defer("item__notice__body_zh").order_by("-alone", "id")[:SHOWN]
    return [
        Line(
            _condition(one),
            reverse("admin:policies_policynotice_reach", args=[one.item.notice_id]),
            (f"{one.alone:,}",),
            note=one.item.title,
        )
        for one in newest
    ]


def _condition(barrier: Barrier) -> str:
    try:
        return str(wording.requirement(read_criteria([barrier.gate])[0]))
    except CriteriaError:
        return _("a condition that this release cannot read")


def _measured_at() -> datetime | None:
    """Tell since when at the latest the figures stand; None when nothing was counted yet."""
    oldest = NoticeMeasure.objects.exclude(measured_at=None).order_by("measured_at")
    return oldest.values_list("measured_at", flat=True).first()


def _opinions() -> dict[str, Any]:
    return {
        "waiting": Opinion.objects.waiting().count(),
        "url": f"{reverse('admin:policies_opinion_changelist')}?state__exact={Opinion.State.NEW}",
        "answers": OpinionAnswer.objects.select_related("notice").order_by("-pk")[:5],
    }
