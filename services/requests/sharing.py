"""Whether the provider of a request may be given anything, and what exactly (PIPL, articles 14, 15 and 23).

Nothing goes to a body outside this service without the enterprise's agreement for this request. The agreement
names the parts, can be taken back at any time, and every one ever given is kept.
"""

from collections.abc import Iterator

from services.catalogue.models import Provider
from services.requests import particulars
from services.requests.models import Part, ServiceRequest, Sharing

OURS = (Provider.Kind.PLATFORM, Provider.Kind.GOVERNMENT_STAFF)


def outside(row: ServiceRequest) -> Provider | None:
    """Return the provider the enterprise has to agree to; None for our own services and for questions."""
    if row.offering is None or row.enterprise_id is None:
        return None
    provider = row.offering.provider
    return None if provider.kind in OURS else provider


def standing(row: ServiceRequest) -> Sharing | None:
    """Return the agreement that holds now."""
    return Sharing.objects.standing().filter(service_request=row).select_related("provider").first()


def is_agreed(row: ServiceRequest) -> bool:
    """Tell whether the request may go to its provider: nobody is outside, or the enterprise agreed."""
    provider = outside(row)
    if provider is None:
        return True
    found = standing(row)
    return found is not None and found.provider_id == provider.pk


def contents(row: ServiceRequest) -> dict[str, str]:
    """Return what each part would hand over today, exactly as it stands."""
    said = [f"{label} {value}" for label, value in particulars.lines(row.answers)]
    contact = [row.contact_name, row.contact_phone, row.contact_email]
    return {
        Part.WORDS: "\n".join([row.subject, row.body, *said]),
        Part.CONTACT: " · ".join(filter(None, contact)),
        Part.IDENTITY: " · ".join(_identity(row)),
        Part.FILES: ", ".join(row.attachments.sent().values_list("file__name", flat=True).order_by("pk")),
    }


def _identity(row: ServiceRequest) -> Iterator[str]:
    if row.enterprise is not None:
        yield row.enterprise.name
        yield row.enterprise.uscc
