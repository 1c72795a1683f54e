"""The queue of requests at the desk, and the page of one request."""

from services.requests.admin.queue import ServiceRequestAdmin

__all__ = ["ServiceRequestAdmin"]
