"""The queue of requests at the desk."""

from services.requests.admin.queue.desk import ServiceRequestAdmin

__all__ = ["ServiceRequestAdmin"]
