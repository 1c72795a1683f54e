"""What of this room and the catalogue a partner shows: always a filter over the same rows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from enterprises.models import region_prefix
from services.catalogue import listing
from services.catalogue.models import Offering
from services.industry.models import Occasion, Partner, Place


def offerings_for(partner: Partner, most: int) -> list[Offering]:
    """Return the services a partner shows, in catalogue order; one query."""
    rows = listing.listed()
    return [row for row in rows if not partner.groups or row.group in partner.groups][:most]


def occasions_for(partner: Partner, at: datetime, most: int) -> list[Occasion]:
    """Return the events ahead in the partner's region or park, and those online; one query."""
    here = Q(region__code__startswith=region_prefix(partner.region_id)) | Q(region=None)
    if partner.park_id:
        here |= Q(park=partner.park_id)
    found = Occasion.objects.upcoming(at).filter(here, called_off_at=None)
    return list(found.select_related("region")[:most])


def partner_of(park: Place) -> Partner | None:
    """Return the public partner behind a park, for a link to its sub-portal."""
    return Partner.objects.public().filter(park=park.pk).first()
