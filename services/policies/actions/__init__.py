"""Every change of this room."""

from services.policies.actions.alerts import remind, send_match_digests, tell_next
from services.policies.actions.attachments import attach, detach
from services.policies.actions.benefits import (
    ask_again,
    consent,
    decline,
    grant,
    grant_batch,
    hand_over,
    items_to_offer,
    offer,
    refuse,
    revoke,
)
from services.policies.actions.corrections import begin_correction
from services.policies.actions.drafts import change_draft, create_draft, draft_like
from services.policies.actions.examples import add_example, remove_example
from services.policies.actions.following import mark, unmark
from services.policies.actions.imports import import_notices
from services.policies.actions.links import check_links, gather_links
from services.policies.actions.measures import gather_measures, measure_notices
from services.policies.actions.notices import (
    ANNOUNCE,
    REMATCH_AT_ONCE,
    announce,
    approve,
    changed_enterprises,
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
from services.policies.actions.opinions import (
    PublicAnswer,
    answer_opinion,
    give_opinion,
    set_aside_opinion,
)
from services.policies.actions.pools import note_pool
from services.policies.actions.proposals import accept_proposal, decline_proposal, propose
from services.policies.actions.relations import relate
from services.policies.actions.reports import decline_report, report_error, settle_report
from services.policies.actions.searches import (
    MOST_SEARCHES,
    SearchRefused,
    change_search,
    confirm,
    follow,
    recompile_searches,
    send_search_digests,
    stop_search,
    sweep_searches,
)
from services.policies.actions.topics import choose_topics
from services.policies.actions.upkeep import affirm, ask_next_to_look, follow_regions

__all__ = [
    "ANNOUNCE",
    "MOST_SEARCHES",
    "REMATCH_AT_ONCE",
    "PublicAnswer",
    "SearchRefused",
    "accept_proposal",
    "add_example",
    "affirm",
    "announce",
    "answer_opinion",
    "approve",
    "ask_again",
    "ask_next_to_look",
    "attach",
    "begin_correction",
    "change_draft",
    "change_search",
    "changed_enterprises",
    "check_links",
    "choose_topics",
    "confirm",
    "consent",
    "create_draft",
    "decline",
    "decline_proposal",
    "decline_report",
    "detach",
    "discard",
    "draft_like",
    "follow",
    "follow_regions",
    "gather_links",
    "gather_measures",
    "give_opinion",
    "grant",
    "grant_batch",
    "hand_over",
    "import_notices",
    "items_to_offer",
    "mark",
    "measure_notices",
    "note_pool",
    "offer",
    "propose",
    "publish",
    "publish_next_scheduled",
    "recompile_searches",
    "refuse",
    "relate",
    "rematch",
    "remind",
    "remove_example",
    "repeal",
    "report_error",
    "return_to_author",
    "revise",
    "revoke",
    "schedule",
    "send_match_digests",
    "send_search_digests",
    "set_aside_opinion",
    "settle_report",
    "stop_search",
    "submit_for_review",
    "supersede",
    "sweep_searches",
    "tell_next",
    "unmark",
    "verify",
]
