"""What an enterprise asked for, who has it, and what was said."""

from services.requests.models.absence import Absence, WorkloadCap
from services.requests.models.effects import Effect
from services.requests.models.escalation import Escalation
from services.requests.models.merges import UNDO_DAYS, Merge
from services.requests.models.replies import SavedReply
from services.requests.models.requests import (
    FINAL_STATES,
    OPEN_STATES,
    RUNNING_STATES,
    Priority,
    ServiceRequest,
    ServiceRequestQuerySet,
    State,
    Suspicion,
    scope_condition,
)
from services.requests.models.routing import RoutingChoice, RoutingRule
from services.requests.models.saved_views import SavedView
from services.requests.models.sharings import Part, Sharing
from services.requests.models.thread import Assignment, Attachment, DroppedDraft, Follower, Message

__all__ = [
    "FINAL_STATES",
    "OPEN_STATES",
    "RUNNING_STATES",
    "UNDO_DAYS",
    "Absence",
    "Assignment",
    "Attachment",
    "DroppedDraft",
    "Effect",
    "Escalation",
    "Follower",
    "Merge",
    "Message",
    "Part",
    "Priority",
    "RoutingChoice",
    "RoutingRule",
    "SavedReply",
    "SavedView",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "Sharing",
    "State",
    "Suspicion",
    "WorkloadCap",
    "scope_condition",
]
