"""Register an enterprise, or claim one whose credit code is taken; both look alike from outside."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from core import audit, calendar
from enterprises.actions.fact import Statement, record_facts
from enterprises.models import Claim, Enterprise, Fact, Membership
from enterprises.notifications import CLAIM_RECEIVED, REGISTERED, post

# Working days within which staff check a registration or a claim, as the pages and mails promise.
DAYS_TO_CHECK = 2


@dataclass(frozen=True)
class Registration:
    """The checked answers: `uscc` in canonical form, the facts as stated by the enterprise itself."""

    uscc: str
    name: str
    contact_name: str = ""
    contact_phone: str = ""
    statements: tuple[Statement, ...] = ()
    is_sample: bool = False


def register(
    registration: Registration, *, by: Any, from_registry: Iterable[Statement] = ()
) -> Enterprise | Claim:
    """Create the enterprise with `by` as its owner, or a claim when the code is already taken.

    Any signed-in person may. Of two registrations of one code at the same instant one makes the enterprise
    and the other a claim: the database decides. A member who registers their own enterprise again gets it
    back unchanged. Both outcomes are told in the same words, so that nobody learns which codes are taken.
    """
    with transaction.atomic():
        enterprise, is_new = Enterprise.objects.get_or_create(
            uscc=registration.uscc,
            defaults={
                "name": registration.name,
                "contact_name": registration.contact_name,
                "contact_phone": registration.contact_phone,
                "is_sample": registration.is_sample,
            },
        )
        if not is_new:
            return _claim(enterprise.merged_into or enterprise, registration, by)
        Membership.objects.create(enterprise=enterprise, user=by, role=Membership.Role.OWNER)
        today = calendar.today()
        record_facts(enterprise, registration.statements, source=Fact.Source.SELF, on=today, by=by)
        record_facts(enterprise, from_registry, source=Fact.Source.REGISTRY, on=today, by=None)
        event = audit.record(enterprise, "registered", by=by)
        post(REGISTERED, enterprise, by, event, context=_told(registration))
    return enterprise


def _claim(enterprise: Enterprise, registration: Registration, by: Any) -> Enterprise | Claim:
    if enterprise.memberships.current().filter(user=by).exists():
        return enterprise
    claim, is_new = Claim.objects.get_or_create(
        enterprise=enterprise,
        claimant=by,
        state=Claim.State.OPEN,
        defaults={"answers": _as_json(registration)},
    )
    if is_new:
        event = audit.record(claim, "claimed", by=by)
        # The claimant has no part in the enterprise yet: the letter does not name its number.
        post(CLAIM_RECEIVED, None, by, event, context=_told(registration))
    return claim


def _told(registration: Registration) -> dict[str, Any]:
    return {"name": registration.name, "days": DAYS_TO_CHECK}


def _as_json(registration: Registration) -> dict[str, Any]:
    """Keep what was entered for staff to compare; values of facts as they were typed."""
    answers = asdict(registration)
    answers["facts"] = {item["code"]: str(item["value"]) for item in answers.pop("statements")}
    return answers
