"""Every change of this room."""

from services.policies.actions.following import mark, unmark
from services.policies.actions.notices import (
    ANNOUNCE,
    REMATCH_AT_ONCE,
    announce,
    approve,
    change_draft,
    changed_enterprises,
    create_draft,
    publish,
    publish_next_scheduled,
    rematch,
    repeal,
    return_to_author,
    revise,
    schedule,
    submit_for_review,
    supersede,
    verify,
)

__all__ = [
    "ANNOUNCE",
    "REMATCH_AT_ONCE",
    "announce",
    "approve",
    "change_draft",
    "changed_enterprises",
    "create_draft",
    "mark",
    "publish",
    "publish_next_scheduled",
    "rematch",
    "repeal",
    "return_to_author",
    "revise",
    "schedule",
    "submit_for_review",
    "supersede",
    "unmark",
    "verify",
]
