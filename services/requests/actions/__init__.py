"""Everything that happens to a request. Each verb writes row, message, event and letters in one transaction.

Doors scope the row first (owners through `for_member`, staff through `in_scope_of`); staff verbs ask
their permission through the lifecycle. All raise `TransitionRefused` when the request has moved on.
"""

from services.requests.actions.desk import (
    ask_for_papers,
    assign,
    note,
    refuse,
    release,
    reply,
    resolve,
    resume,
    take,
)
from services.requests.actions.drafts import discard_draft, tend_drafts
from services.requests.actions.followers import add_follower, remove_follower
from services.requests.actions.lateness import (
    escalate_overdue,
    pass_on,
    postpone,
    summarise,
    take_back,
)
from services.requests.actions.merging import can_be_undone, merge, split, unmerge
from services.requests.actions.owner import (
    Question,
    Source,
    ask_question,
    draft,
    rate,
    reopen,
    save_draft,
    submit,
    supply,
    withdraw,
    write,
)
from services.requests.actions.papers import add_paper, clear_baskets, remove_paper, tell_blocked
from services.requests.actions.routing import cover_open, route_new
from services.requests.actions.upkeep import close_resolved, follow_calendar, recount_deadlines

__all__ = [
    "Question",
    "Source",
    "add_follower",
    "add_paper",
    "ask_for_papers",
    "ask_question",
    "assign",
    "can_be_undone",
    "clear_baskets",
    "close_resolved",
    "cover_open",
    "discard_draft",
    "draft",
    "escalate_overdue",
    "follow_calendar",
    "merge",
    "note",
    "pass_on",
    "postpone",
    "rate",
    "recount_deadlines",
    "refuse",
    "release",
    "remove_follower",
    "remove_paper",
    "reopen",
    "reply",
    "resolve",
    "resume",
    "route_new",
    "save_draft",
    "split",
    "submit",
    "summarise",
    "supply",
    "take",
    "take_back",
    "tell_blocked",
    "tend_drafts",
    "unmerge",
    "withdraw",
    "write",
]
