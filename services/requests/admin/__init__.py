"""The desk of this room: the queue, one request, tasks of colleagues, the rules, and who is away."""

from services.requests.admin.assignments import AssignmentAdmin
from services.requests.admin.queue import ServiceRequestAdmin
from services.requests.admin.replies import SavedReplyAdmin
from services.requests.admin.routing import RoutingRuleAdmin
from services.requests.admin.staffing import AbsenceAdmin, WorkloadCapAdmin

__all__ = [
    "AbsenceAdmin",
    "AssignmentAdmin",
    "RoutingRuleAdmin",
    "SavedReplyAdmin",
    "ServiceRequestAdmin",
    "WorkloadCapAdmin",
]
