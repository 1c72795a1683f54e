"""Everything that happens to a request. Each verb writes row, message, event and letters in one transaction.

Doors scope the row first (owners through `for_member`, staff through `in_scope_of`); staff verbs ask
their permission through the lifecycle. All raise `TransitionRefused` when the request has moved on.
"""

from services.requests.actions.desk import (
    ask_for_papers,
    assign,
    note,
    refuse,
    reply,
    resolve,
    resume,
    take,
)
from services.requests.actions.lateness import (
    escalate_overdue,
    pass_on,
    postpone,
    summarise,
    take_back,
)
from services.requests.actions.owner import (
    Question,
    Source,
    ask_question,
    discard_draft,
    draft,
    rate,
    reopen,
    save_draft,
    submit,
    supply,
    withdraw,
    write,
)
from services.requests.actions.routing import cover_open, route_new
from services.requests.actions.upkeep import close_resolved, follow_calendar, recount_deadlines

__all__ = [
    "Question",
    "Source",
    "ask_for_papers",
    "ask_question",
    "assign",
    "close_resolved",
    "cover_open",
    "discard_draft",
    "draft",
    "escalate_overdue",
    "follow_calendar",
    "note",
    "pass_on",
    "postpone",
    "rate",
    "recount_deadlines",
    "refuse",
    "reopen",
    "reply",
    "resolve",
    "resume",
    "route_new",
    "save_draft",
    "submit",
    "summarise",
    "supply",
    "take",
    "take_back",
    "withdraw",
    "write",
]
