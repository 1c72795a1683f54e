"""What every step of a notice asks first, and the name of the step for the letters about it."""

from django.core.exceptions import ValidationError

from core import audit, calendar
from services.policies import examples, linting, remarks
from services.policies.linting import Severity
from services.policies.models import PolicyNotice


def check(notice: PolicyNotice) -> None:
    """Raise ValidationError while something is missing or a test enterprise gets another verdict."""
    tests = examples.findings(notice, calendar.today())
    found = [*linting.errors(notice), *(one for one in tests if one.severity is Severity.ERROR)]
    if found:
        raise ValidationError([remarks.finding(one) for one in found], code="not_ready")


def event_key(notice: PolicyNotice) -> str:
    """Name the change just recorded, so that the letter about it is written once."""
    last = audit.history(notice).values_list("pk", flat=True).first()
    return f"{notice.slug}:{last}"
