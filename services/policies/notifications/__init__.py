"""What this room tells, and whom; a letter is dropped when it is no longer true by the time it leaves."""

from services.policies.notifications.enterprises import (
    WRITERS,
    tell_matched,
    tell_rematched,
)
from services.policies.notifications.kinds import (
    APPROVED,
    BENEFIT_AGREED,
    BENEFIT_OFFERED,
    BENEFIT_SENT,
    BENEFIT_SETTLED,
    CHANGED,
    MATCH_DIGEST,
    PUBLISHED,
    REMINDER,
    RETURNED,
    SEARCH_CONFIRM,
    SEARCH_DIGEST,
    SEARCH_FOUND,
    is_in_force,
    still_to_be_done,
)
from services.policies.notifications.publishers import (
    tell_author,
    tell_of_dead_link,
    tell_of_report,
    tell_reviewers,
    tell_to_look,
)
from services.policies.notifications.readers import (
    tell_of_answer,
    thank_for_report,
)
from services.policies.notifications.words import (
    LISTED,
    in_both,
    item_context,
    several,
)

__all__ = [
    "APPROVED",
    "BENEFIT_AGREED",
    "BENEFIT_OFFERED",
    "BENEFIT_SENT",
    "BENEFIT_SETTLED",
    "CHANGED",
    "LISTED",
    "MATCH_DIGEST",
    "PUBLISHED",
    "REMINDER",
    "RETURNED",
    "SEARCH_CONFIRM",
    "SEARCH_DIGEST",
    "SEARCH_FOUND",
    "WRITERS",
    "in_both",
    "is_in_force",
    "item_context",
    "several",
    "still_to_be_done",
    "tell_author",
    "tell_matched",
    "tell_of_answer",
    "tell_of_dead_link",
    "tell_of_report",
    "tell_rematched",
    "tell_reviewers",
    "tell_to_look",
    "thank_for_report",
]
