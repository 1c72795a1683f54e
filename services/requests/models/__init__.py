"""What an enterprise asked for, who has it, and what was said."""

from services.requests.models.requests import (
    FINAL_STATES,
    OPEN_STATES,
    RUNNING_STATES,
    Priority,
    ServiceRequest,
    State,
)
from services.requests.models.thread import Assignment, Message

__all__ = [
    "FINAL_STATES",
    "OPEN_STATES",
    "RUNNING_STATES",
    "Assignment",
    "Message",
    "Priority",
    "ServiceRequest",
    "State",
]
