"""Every change of this room."""

from services.policies.actions.corrections import begin_correction
from services.policies.actions.examples import add_example, remove_example
from services.policies.actions.following import mark, unmark
from services.policies.actions.notices import (
    ANNOUNCE,
    REMATCH_AT_ONCE,
    announce,
    approve,
    change_draft,
    changed_enterprises,
    create_draft,
    discard,
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
    "add_example",
    "announce",
    "approve",
    "begin_correction",
    "change_draft",
    "changed_enterprises",
    "create_draft",
    "discard",
    "mark",
    "publish",
    "publish_next_scheduled",
    "rematch",
    "remove_example",
    "repeal",
    "return_to_author",
    "revise",
    "schedule",
    "submit_for_review",
    "supersede",
    "unmark",
    "verify",
]
