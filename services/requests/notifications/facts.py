"""What every letter about a request may mention."""

from typing import Any

from services.requests.models import ServiceRequest


def facts_of(service_request: ServiceRequest) -> dict[str, Any]:
    offering = service_request.offering
    return {
        "reference": service_request.reference,
        "subject": service_request.subject,
        "offering_zh": offering.name_zh if offering else "",
        "offering_en": offering.name_en if offering else "",
        "enterprise": service_request.enterprise.name if service_request.enterprise else "",
    }
