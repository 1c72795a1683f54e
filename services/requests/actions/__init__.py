"""Everything that happens to a request. Each verb writes row, message, event and letters in one transaction.

Doors scope the row first (owners through `for_member`, staff through `on_desk_of`); staff verbs ask
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
from services.requests.actions.effects import answer_effect, ask_effects
from services.requests.actions.followers import add_follower, is_own_following, remove_follower
from services.requests.actions.involving import (
    answer,
    call_back,
    decline,
    involve,
    may_call_back,
    remind_of_tasks,
)
from services.requests.actions.lateness import (
    escalate_overdue,
    pass_on,
    postpone,
    summarise,
    take_back,
)
from services.requests.actions.merging import can_be_undone, may_go_back, merge, split, unmerge, unsplit
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
from services.requests.actions.reclassifying import reclassify
from services.requests.actions.reminding import remind_of_papers
from services.requests.actions.routing import cover_open, route_new
from services.requests.actions.saving import drop_view, save_view, share_view
from services.requests.actions.sharing import agree_to_share, ask_to_share, revoke_sharing
from services.requests.actions.upkeep import add_warnings, close_resolved, follow_calendar, recount_deadlines

__all__ = [
    "Question",
    "Source",
    "add_follower",
    "add_paper",
    "add_warnings",
    "agree_to_share",
    "answer",
    "answer_effect",
    "ask_effects",
    "ask_for_papers",
    "ask_question",
    "ask_to_share",
    "assign",
    "call_back",
    "can_be_undone",
    "clear_baskets",
    "close_resolved",
    "cover_open",
    "decline",
    "discard_draft",
    "draft",
    "drop_view",
    "escalate_overdue",
    "follow_calendar",
    "involve",
    "is_own_following",
    "may_call_back",
    "may_go_back",
    "merge",
    "note",
    "pass_on",
    "postpone",
    "rate",
    "reclassify",
    "recount_deadlines",
    "refuse",
    "release",
    "remind_of_papers",
    "remind_of_tasks",
    "remove_follower",
    "remove_paper",
    "reopen",
    "reply",
    "resolve",
    "resume",
    "revoke_sharing",
    "route_new",
    "save_draft",
    "save_view",
    "share_view",
    "split",
    "submit",
    "summarise",
    "supply",
    "take",
    "take_back",
    "tell_blocked",
    "tend_drafts",
    "unmerge",
    "unsplit",
    "withdraw",
    "write",
]
