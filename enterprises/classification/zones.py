"""Who lies in a zone: an area of its own (a free-trade area, say) made of regions, whole or in part.

Pure: what staff keep at the desk comes in as values. Three answers: an enterprise in a region that belongs
wholly is in, one in a region that belongs in part may be, one elsewhere is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.criteria import Span


@dataclass(frozen=True)
class Place:
    """A region that belongs to a zone, wholly or in part, from and until a day (None: no limit)."""

    span: Span
    is_whole: bool
    from_on: date | None = None
    until_on: date | None = None

    def counts(self, on: date) -> bool:
        return _lies_between(self.from_on, on, self.until_on)


@dataclass(frozen=True)
class Zone:
    """A zone as the desk keeps it. One without any place says nothing of where its enterprises are."""

    code: str
    name_zh: str
    name_en: str
    from_on: date | None = None
    until_on: date | None = None
    places: tuple[Place, ...] = ()

    def counts(self, on: date) -> bool:
        """Tell whether the zone exists on a day; first and last day count."""
        return _lies_between(self.from_on, on, self.until_on)

    def holds(self, region: Span | None, on: date) -> bool | None:
        """Tell whether an enterprise of a region lies in the zone on a day; None where nobody can tell."""
        if not self.counts(on):
            return False
        if not self.places or region is None:
            return None
        places = [place for place in self.places if place.counts(on)]
        if any(place.is_whole and place.span.contains(region) for place in places):
            return True
        return None if any(place.span.touches(region) for place in places) else False

    def since(self, region: Span | None, on: date) -> date | None:
        """Give the day since when a region has belonged wholly, or else the zone has existed."""
        first = [
            place.from_on
            for place in self.places
            if region is not None and place.counts(on) and place.is_whole and place.span.contains(region)
        ]
        days = [day for day in (self.from_on, *first[:1]) if day]
        return max(days, default=None)


def _lies_between(first: date | None, on: date, last: date | None) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)
