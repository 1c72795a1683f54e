"""Let a zone count: whoever may lie in it is matched anew, once for every day on which it grows."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from core import calendar, wake
from enterprises import zones
from enterprises.actions.fact import REMATCH
from enterprises.classification import regions
from enterprises.models import Enterprise, Zone


@transaction.atomic
def apply_zone(zone: Zone) -> int:
    """Have everybody who may lie in a zone matched anew; return how many enterprises. Staff keep the zone."""
    today = calendar.today()
    zones.forget()
    Zone.objects.filter(pk=zone.pk).update(counted_on=today)
    touching = Q(facet__zones__contains=[zone.code])
    for place in zone.places.all():
        span = regions.span(place.region_id)
        touching |= Q(facet__region_low__lte=span.high, facet__region_high__gte=span.low)
    touched = Enterprise.objects.filter(touching).order_by().update(facts_changed_at=Now())
    wake.knock(REMATCH)
    return touched


def apply_due_zones() -> int:
    """Apply zones that have begun, or got a place, since they were last applied; a second run finds none."""
    today = calendar.today()
    due = Zone.objects.filter(
        _begun("from_on", today) | _begun("places__from_on", today) | Q(counted_on=None)
    ).distinct()
    return sum(apply_zone(zone) for zone in due)


def _begun(name: str, today: date) -> Q:
    return Q((f"{name}__lte", today), (f"{name}__gt", F("counted_on")))
