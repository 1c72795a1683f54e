"""What waits at the desk in this room: notices on their way, what may be wrong with public ones, answers."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import calendar
from core.board import Work, listed
from services.policies.actions import upkeep
from services.policies.models import Benefit, ErrorReport, FieldProposal, LinkState, Opinion, PolicyNotice

_WRITE, _REVIEW, _SETTLE = "policies.submit_notice", "policies.review_notice", "policies.settle_report"


def work(user: Any) -> Iterator[Work]:
    yield from _notices(user)
    yield from _doubts()
    new = Opinion.State.NEW
    url = listed("policies_opinion", state__exact=new)
    opinions = Opinion.objects.waiting()
    yield Work("policies.answer_opinion", "opinions", _("Opinions on policies to answer"), opinions, url)
    agreed, label = Benefit.objects.ready().in_scope_of(user), _("Consents to hand over")
    url = reverse("admin:policies_benefit_hand_over")
    yield Work("policies.hand_over", "consents", label, agreed, url, "soon")


def _notices(user: Any) -> Iterator[Work]:
    """Yield one's own drafts, and notices on their way to the public."""
    rows, states, of_notices = PolicyNotice.objects, PolicyNotice.State, "policies_policynotice"
    own = {"author__id__exact": str(user.pk)}
    drafts, returned = (rows.filter(author=user, state=state) for state in (states.DRAFT, states.RETURNED))
    url = listed(of_notices, state__exact=states.DRAFT, **own)
    yield Work(_WRITE, "drafts", _("Your drafts"), drafts, url)
    url = listed(of_notices, state__exact=states.RETURNED, **own)
    yield Work(_WRITE, "returned", _("Notices returned to you"), returned, url, "soon")
    for state, code, label in (
        (states.IN_REVIEW, "review", _("Notices to review")),
        (states.APPROVED, "approved", _("Approved, not yet published")),
    ):
        yield Work(_REVIEW, code, label, rows.filter(state=state), listed(of_notices, state__exact=state))


def _doubts() -> Iterator[Work]:
    """Yield what may be wrong with public notices."""
    proposed, reported = FieldProposal.State.OPEN, ErrorReport.State.NEW
    yield Work(
        _WRITE,
        "proposals",
        _("Changes proposed by sources"),
        FieldProposal.objects.filter(state=proposed),
        listed("policies_fieldproposal", state__exact=proposed),
    )
    yield Work(
        _SETTLE,
        "reports",
        _("Errors readers reported"),
        ErrorReport.objects.filter(state=reported),
        listed("policies_errorreport", state__exact=reported),
        "soon",
    )
    dead = LinkState.objects.filter(failures__gte=2)
    yield Work(_SETTLE, "links", _("Links that do not work"), dead, listed("policies_linkstate", dead="yes"))
    due = PolicyNotice.objects.to_look_at(calendar.today() + upkeep.PATIENCE)
    url = listed("policies_policynotice", look="due")
    yield Work(_WRITE, "look", _("Notices to look at again"), due, url)
