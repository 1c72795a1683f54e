"""The desk of this room: the queue, the page of one request, the rules, and who is away."""

from services.requests.admin.queue import ServiceRequestAdmin
from services.requests.admin.replies import SavedReplyAdmin
from services.requests.admin.routing import RoutingRuleAdmin
from services.requests.admin.staffing import AbsenceAdmin, WorkloadCapAdmin

__all__ = ["AbsenceAdmin", "RoutingRuleAdmin", "SavedReplyAdmin", "ServiceRequestAdmin", "WorkloadCapAdmin"]
