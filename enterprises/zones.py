"""The zones staff keep at the desk, as rules ask for them: in Python, over all enterprises, over all items.

What an enterprise, a document or staff said of one zone counts; where nothing was said, the region decides as
far as it can (`classification.zones`). A zone that does not exist on a day holds nobody on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q

from core import lately
from core.criteria import Criterion, FactValue, Span
from enterprises import facts
from enterprises.classification import regions
from enterprises.classification.zones import Place, Zone
from enterprises.models import Zone as ZoneRow

_NAME, _SECONDS = "enterprises.zones", 10


def table() -> Mapping[str, Zone]:
    """Give the zones by their codes; each process reads them again after ten seconds, in two queries."""
    return lately.read(_NAME, _read, seconds=_SECONDS)


def forget() -> None:
    """Let this process read the zones anew."""
    lately.forget(_NAME)


def _read() -> Mapping[str, Zone]:
    return {row.code: _zone(row) for row in ZoneRow.objects.prefetch_related("places")}


def _zone(row: ZoneRow) -> Zone:
    places = tuple(
        Place(regions.span(place.region_id), place.is_whole, place.from_on, place.until_on)
        for place in row.places.all()
    )
    return Zone(row.code, row.name_zh, row.name_en, row.from_on, row.until_on, places)


def are_asked(criteria: Iterable[Criterion]) -> bool:
    return any(criterion.fact == facts.ZONE for criterion in criteria)


def with_zones(known: Mapping[str, FactValue], on: date) -> dict[str, FactValue]:
    """Add for every zone whether the enterprise lies in it, where it can be told on that day.

    The value of a zone it lies in is the code of the zone, so that a reason can name it.
    """
    region = known.get(facts.REGION)
    span = region.value if region and not region.has_expired(on) else None
    # What was said of a zone that is not kept says nothing.
    found = {code: fact for code, fact in known.items() if not facts.is_zone(code)}
    for code, zone in table().items():
        fact = _lies_in(zone, known.get(facts.zone_code(code)), span, on)
        if fact is not None:
            found[facts.zone_code(code)] = fact
    return found


def _lies_in(zone: Zone, said: FactValue | None, region: Span | None, on: date) -> FactValue | None:
    if said is not None and not said.has_expired(on) and zone.counts(on):
        return replace(said, value=zone.code if said.value else False)
    holds = zone.holds(region, on)
    if holds is None:
        return said
    return FactValue(zone.code if holds else False, facts.DERIVED, zone.since(region, on))


def asked_of(region: str, on: date) -> list[Zone]:
    """Give the zones of which an enterprise of a region has to say itself whether it is in.

    Without a region ('') only those that no region tells of.
    """
    span = regions.span(region) if region else None
    return [zone for zone in table().values() if zone.holds(span, on) is None and (span or not zone.places)]


# --- over all enterprises ----------------------------------------------------------------


def met(gate: Criterion, on: date) -> Q:
    """Give the condition on `EnterpriseFacet` that is true exactly for those in one of the gate's zones."""
    found = Q(pk__in=[])
    for zone in _counting(gate, on):
        whole = Q(pk__in=[])
        for place in zone.places:
            if place.is_whole and place.counts(on):
                whole |= Q(region_low__gte=place.span.low, region_high__lte=place.span.high)
        found |= Q(zones__contains=[zone.code]) | (_undenied(zone) & whole)
    return found


def cannot_be_told(gate: Criterion, on: date) -> Q:
    """Give the condition for those not known to be outside all of the gate's zones."""
    kept = table()
    if any(code not in kept for code in gate.values):
        return Q(pk__isnull=False)
    found = Q(pk__in=[])
    for zone in _counting(gate, on):
        touching = Q(region_low__isnull=True)
        for place in zone.places:
            if place.counts(on):
                touching |= Q(region_low__lte=place.span.high, region_high__gte=place.span.low)
        said = Q(zones__contains=[zone.code])
        found |= said | (_undenied(zone) & touching if zone.places else _undenied(zone))
    return found


def _counting(gate: Criterion, on: date) -> list[Zone]:
    kept = table()
    return [kept[code] for code in gate.values if code in kept and kept[code].counts(on)]


def _undenied(zone: Zone) -> Q:
    # Spelt out, because NOT of a NULL is not true.
    return Q(zones_out__isnull=True) | ~Q(zones_out__contains=[zone.code])


# --- over all items, for one enterprise ----------------------------------------------------
# Parameters: on, region (a range or NULL), zones and zones_out (what was said of zones). Each is asked once a
# statement, and only where an item asks for a zone.

_COUNTS = (
    "({0}.from_on IS NULL OR {0}.from_on <= %(on)s) AND ({0}.until_on IS NULL OR {0}.until_on >= %(on)s)"
)
_SPAN = (
    "int4range(p.region_id::int, p.region_id::int + CASE WHEN right(p.region_id, 4) = '0000' THEN 9999"
    " WHEN right(p.region_id, 2) = '00' THEN 99 ELSE 0 END, '[]')"
)
_PLACES = "SELECT FROM enterprises_zoneplace p WHERE p.zone_id = z.id"
CODES_IN = (
    f"ARRAY(SELECT z.code FROM enterprises_zone z WHERE {_COUNTS.format('z')}"  # noqa: S608 - our own constants
    " AND (z.code = ANY(%(zones)s::text[]) OR NOT z.code = ANY(%(zones_out)s::text[])"
    f" AND EXISTS({_PLACES} AND p.is_whole AND {_COUNTS.format('p')}"
    f" AND {_SPAN} @> %(region)s::int4range)))::text[]"
)
CODES_OUT = (
    f"ARRAY(SELECT z.code FROM enterprises_zone z WHERE NOT ({_COUNTS.format('z')})"  # noqa: S608 - our own constants
    " OR z.code = ANY(%(zones_out)s::text[]) OR NOT z.code = ANY(%(zones)s::text[])"
    f" AND %(region)s::int4range IS NOT NULL AND EXISTS({_PLACES})"
    f" AND NOT EXISTS({_PLACES} AND {_COUNTS.format('p')}"
    f" AND {_SPAN} && %(region)s::int4range))::text[]"
)
