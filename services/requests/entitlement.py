"""Whether an enterprise may ask for an offering; paid ones and vouchers need a check by staff (§10.4)."""

from enum import StrEnum

from enterprises.models import Enterprise
from services.catalogue import eligibility
from services.catalogue.models import Offering


class Hindrance(StrEnum):
    """What stands in the way; each has its own explaining page."""

    ENTERPRISE = "enterprise"
    PROOF = "proof"
    RETIRED = "retired"
    PAUSED = "paused"
    CONDITIONS = "conditions"


class CannotBeRequested(Exception):
    """The offering cannot be asked for now; `hindrance` says why."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance)
        self.hindrance = hindrance


def hindrance(offering: Offering | None, enterprise: Enterprise | None) -> Hindrance | None:
    """Return what stands in the way of a request, or None. A question (no offering) is always free.

    A condition that cannot be told hinders nobody. One query where the offering has conditions.
    """
    if offering is None:
        return None
    if offering.retired_at is not None:
        return Hindrance.RETIRED
    if offering.is_paused:
        return Hindrance.PAUSED
    return _hindrance_of(enterprise, offering) if enterprise else Hindrance.ENTERPRISE


def _hindrance_of(enterprise: Enterprise, offering: Offering) -> Hindrance | None:
    # Before the proof: nobody sends a licence for what is closed to them all the same.
    if eligibility.is_closed_to(offering, enterprise):
        return Hindrance.CONDITIONS
    if offering.requires_proof and enterprise.proof_level != Enterprise.Proof.STAFF:
        return Hindrance.PROOF
    return None
