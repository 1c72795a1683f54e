"""The row of a request inside a verb: read again under lock, and named at this moment."""

from core import audit
from services.requests.models import ServiceRequest


def locked_row(service_request: ServiceRequest) -> ServiceRequest:
    """Return the request as it stands in the database, locked until the transaction ends."""
    return ServiceRequest.objects.select_for_update(of=("self",)).get(pk=service_request.pk)


def moment(row: ServiceRequest) -> str:
    """Name this moment of a request by its newest event, so that a letter about it is written once."""
    return f"event {audit.history(row).values_list('pk', flat=True).first()}"
