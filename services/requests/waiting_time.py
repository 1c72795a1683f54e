"""How long an offering really took lately: measured, not promised."""

from statistics import median_low

from core import calendar, workdays
from services.catalogue.models import Offering
from services.requests.models import ServiceRequest

LAST = 20
FEWEST = 5


def measured(offering: Offering) -> int | None:
    """Return the median of the working days from asking to done over the last 20; None when fewer than five.

    All days count, those on which the enterprise had to answer too: it is how long an owner waited.
    """
    done = ServiceRequest.objects.filter(offering=offering, resolved_at__isnull=False)
    pairs = done.order_by("-resolved_at").values_list("submitted_at", "resolved_at")[:LAST]
    if len(pairs) < FEWEST:
        return None
    working = calendar.present()
    days = [workdays.between(calendar.day_of(a), calendar.day_of(b), working) for a, b in pairs if a and b]
    return median_low(days)


def measure() -> int:
    """Write the measured time of every offering; return how many changed."""
    changed = 0
    for offering in Offering.objects.order_by("pk"):
        days = measured(offering)
        if days != offering.measured_days:
            Offering.objects.filter(pk=offering.pk).update(measured_days=days)
            changed += 1
    return changed
