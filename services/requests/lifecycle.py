"""The states of a request, and of a task in it, and the only ways between them (house rules: §10.5).

A verb without permission belongs to the owner, whose door has scoped the row, or to the system.
"""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from services.requests.models import OPEN_STATES, Assignment, State

TRIAGE = "service_requests.triage"
ASSIGN = "service_requests.assign"

REQUEST = Lifecycle(
    [
        Transition("submit", frozenset({State.DRAFT}), State.SUBMITTED, _("submit")),
        Transition("take", frozenset({State.SUBMITTED}), State.IN_PROGRESS, _("take"), TRIAGE),
        Transition(
            "assign",
            frozenset({State.SUBMITTED, State.IN_PROGRESS}),
            State.IN_PROGRESS,
            _("assign"),
            ASSIGN,
        ),
        Transition("hand_over", frozenset({State.WAITING}), State.WAITING, _("hand over"), ASSIGN),
        Transition(
            "ask",
            frozenset({State.SUBMITTED, State.IN_PROGRESS}),
            State.WAITING,
            _("ask for papers"),
            TRIAGE,
        ),
        Transition("supply", frozenset({State.WAITING}), State.IN_PROGRESS, _("supply what was asked for")),
        Transition("resume", frozenset({State.WAITING}), State.IN_PROGRESS, _("go on without it"), TRIAGE),
        Transition("resolve", frozenset({State.IN_PROGRESS}), State.RESOLVED, _("close as done"), TRIAGE),
        Transition("reopen", frozenset({State.RESOLVED}), State.IN_PROGRESS, _("reopen")),
        Transition("close", frozenset({State.RESOLVED}), State.CLOSED, _("close")),
        Transition(
            "refuse",
            frozenset(OPEN_STATES),
            State.REFUSED,
            _("return with reason"),
            TRIAGE,
            needs_reason=True,
        ),
        Transition("join", frozenset(OPEN_STATES), State.CLOSED, _("join to another"), TRIAGE),
        Transition("part", frozenset({State.CLOSED}), State.IN_PROGRESS, _("undo the joining"), TRIAGE),
        Transition("withdraw", frozenset(OPEN_STATES), State.WITHDRAWN, _("withdraw")),
    ]
)

_GIVEN = frozenset({Assignment.State.GIVEN})

# A task beside the holder; who held a request has no way in this table.
ASSIGNMENT = Lifecycle(
    [
        Transition("answer", _GIVEN, Assignment.State.ANSWERED, _("answer the task"), TRIAGE),
        Transition(
            "decline", _GIVEN, Assignment.State.DECLINED, _("decline the task"), TRIAGE, needs_reason=True
        ),
        Transition("call_back", _GIVEN, Assignment.State.CALLED_BACK, _("call the task back"), TRIAGE),
        Transition("end", _GIVEN, Assignment.State.CALLED_BACK, _("end with the request")),
    ]
)
