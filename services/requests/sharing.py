"""Whether the provider of a request may be given anything, and what exactly (PIPL, articles 14, 15 and 23).

Nothing goes to a body outside this service without the enterprise's agreement for this request. The agreement
names the parts, can be taken back at any time, and every one ever given is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit
from services.catalogue.models import Provider
from services.requests import particulars
from services.requests.models import Part, ServiceRequest, Sharing

HANDED_SHOWN = 50
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


@dataclass(frozen=True)
class HandedOver:
    """One time that parts of a request went to its provider, and the agreement under which they did."""

    at: datetime
    row: ServiceRequest
    agreement: Sharing

    @property
    def words(self) -> list[str]:
        return self.agreement.words


def handed_over(user: Any, enterprise: Any) -> list[HandedOver]:
    """Return what providers were given of an enterprise's requests that `user` may read, the newest first.

    At most the newest fifty; three queries.
    """
    rows = ServiceRequest.objects.submitted().for_member(user).filter(enterprise=enterprise)
    given = audit.named(ServiceRequest, "pass_on").filter(subject_id__in=rows.values("pk"))
    events = [event for event in given[:HANDED_SHOWN] if event.data.get("parts")]
    by_number = rows.in_bulk({event.subject_id for event in events})
    agreements = list(Sharing.objects.filter(service_request__in=by_number).select_related("provider"))
    found = []
    for event in events:
        agreed = [
            one
            for one in agreements
            if one.service_request_id == event.subject_id and one.agreed_at <= event.at
        ]
        if agreed:
            newest = max(agreed, key=lambda one: one.agreed_at)
            found.append(HandedOver(event.at, by_number[event.subject_id], newest))
    return found


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
